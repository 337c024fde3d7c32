/**
 * Convolutions to try a backend with, and what must come out: for tests, benchmarks and commands
 * alike, without a test framework.
 *
 * <pre>
 * ShapeFile ----+                +-> Expectation --> Checker --> Verification
 *   (text)      +-> ShapeCase ---+   (the numbers    (one case   (random cases; what
 * RandomCases --+                |    and the         on one      fails is made small
 *                    TestData ---+    reference)      backend)    by Shrinker)
 *                                         |
 *                                     Agreement (how an output compares with the reference)
 * </pre>
 */
package org.sepconv.cases;

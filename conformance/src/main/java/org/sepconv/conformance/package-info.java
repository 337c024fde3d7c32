/**
 * The test suite that every backend must pass, ours or a third party's.
 *
 * <pre>
 * org.sepconv.cases ---> ConformanceSuite (JUnit; a backend extends it)
 *   shapes, numbers,        rules 1xx numbers      2xx data
 *   the reference                 3xx concurrency  4xx lifecycle
 *                                 5xx errors       6xx provider
 *                                 7xx runs and graphs
 * </pre>
 *
 * <p>Beside it, {@link org.sepconv.conformance.PackageGraph}: which packages of a backend name
 * which; and files for tests of readers, {@link org.sepconv.conformance.file}.
 */
package org.sepconv.conformance;

/**
 * The benchmark harness, on JMH.
 *
 * <pre>
 *   BenchPlan ---> LayerBench: for each Subject (layer or network), one Fork of each implementation after the other
 *                    |  forks: LayerBenchmark   one subject on one implementation, its answer checked
 *                    |                          before it is timed (Answer in, ForkNotes out)
 *                    |         MachineBenchmark what the machine can do: multiply-add peak, bandwidth
 *                    v
 *                  BenchReport of LayerRows, and JMH's own results
 *                    v
 *                  HtmlReport: the same as a page for a browser
 * </pre>
 */
package org.sepconv.bench;

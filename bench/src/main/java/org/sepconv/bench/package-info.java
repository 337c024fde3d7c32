/**
 * The benchmark harness, on JMH.
 *
 * <pre>
 *   LayerBenchmark    one layer of a shape file on one backend, its answer checked before it is timed
 *   MachineBenchmark  what the machine can do: multiply-add peak and read bandwidth
 *   LayerBench        runs both in several forks and sets one against the other: LayerRow
 * </pre>
 */
package org.sepconv.bench;

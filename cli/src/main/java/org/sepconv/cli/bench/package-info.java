/**
 * {@code sepconv bench} and {@code sepconv scan}: the options of the benchmark harness and its
 * results for people ({@code BenchText}). All that measures is in {@link org.sepconv.bench}.
 */
package org.sepconv.cli.bench;

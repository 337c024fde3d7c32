/**
 * What it means to measure how long something takes: a sample, a round, warm, and usual.
 *
 * <pre>
 *   Stopwatch    one thing to run: its samples, a slice of time at a time; whether it is warm
 *   Turns        several, round after round, so that a disturbance hits all alike
 *   Quantiles    of samples and of rounds; the median is the usual time
 * </pre>
 */
package org.sepconv.timing;

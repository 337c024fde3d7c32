/**
 * What an operation costs: exact counts ({@link org.sepconv.cost.Cost}, {@link
 * org.sepconv.cost.Saving}), and a prediction of its time on a device from them.
 *
 * <pre>
 *   CostModel        Prediction of a convolution on a DeviceProfile: calibrated, or a roofline
 *   Calibrated       fitted to Observations: a KernelFit for each KernelKind
 *     Ceilings         launch, peak, and bandwidths of caches and memory, as measured
 *     Features         counts of what a run does
 *     NonNegative...   seconds for one of each
 *     Neighbours       what the sum misses, from the measured points around
 * </pre>
 */
package org.sepconv.cost;

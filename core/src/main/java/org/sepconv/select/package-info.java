/**
 * Finding backends, choosing one for a convolution, and saying why.
 *
 * <pre>
 *   Backends               what was found; opens devices, select(), convolve()
 *     SelectionOptions     predicted or measured; where the data is; the time and cache of a trial
 *     Selection            the chosen device, the reason, and the verdict on every other
 *
 *   Selector               asks every device; ranks, tries, remembers
 *     Transfers            prediction = cost model + what must be moved
 *     Trial, Contestant    the most promising ones in turns, until one is clearly ahead
 *     SelectionCache       answers, in memory and on disk
 * </pre>
 */
package org.sepconv.select;

/**
 * {@code sepconv compare}: a standard convolution against the separable one, on every device.
 *
 * <pre>
 *   CompareCommand --&gt; Experiment: prepares a Contender for each convolution and device, checks them
 *                        |           against the reference, and times them in turns (Timing)
 *                        v
 *                      Comparison, the document --&gt; ComparisonText, the same for people
 * </pre>
 */
package org.sepconv.cli.compare;

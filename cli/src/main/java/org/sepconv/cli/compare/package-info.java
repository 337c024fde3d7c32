/**
 * {@code sepconv compare}: a standard convolution against the separable one, on every device.
 *
 * <pre>
 *   CompareCommand --&gt; Experiment: prepares a Contender for each Subject, a convolution or a network,
 *                        |           on each device, checks them against the reference, and times them
 *                        |           in turns
 *                        v
 *                      Comparison, the document --&gt; ComparisonText, the same for people
 * </pre>
 */
package org.sepconv.cli.compare;

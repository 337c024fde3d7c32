/**
 * {@code sepconv filter}: pictures, filtered by a separable convolution.
 *
 * <pre>
 *   PictureFile --&gt; Picture                   read upright, with the decoder of org.sepconv.vision
 *   PictureFilter                             a kernel on each colour (FilterDepthwise), then a colour
 *                                               matrix (FilterPointwise), as one convolution
 *   FilterCommand                             reads, filters and writes
 * </pre>
 */
package org.sepconv.cli.picture;

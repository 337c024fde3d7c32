/**
 * {@code sepconv filter}: pictures, filtered by a separable convolution of {@code
 * org.sepconv.vision.filter}.
 *
 * <pre>
 *   PictureFile      reads upright, with the decoder of org.sepconv.vision, and writes
 *   FilterCommand    reads, filters and writes
 * </pre>
 */
package org.sepconv.cli.picture;

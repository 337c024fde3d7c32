/**
 * Pictures to tensors, and back.
 *
 * <pre>
 *   file --PictureDecoder--&gt; Picture --Preprocessing--&gt; PictureTensor --&gt; a network
 *                              |         Framing           where the size comes from, Placement: the way back
 *                              |         Interpolation     ResizedRows, row by row
 *                              |         Normalisation     levels to numbers
 *   Picture &lt;--Preprocessing.picture-- values
 *   map --Regions--&gt; Region --&gt; RotatedRectangle --&gt; Quadrilateral --Picture.cut--&gt; Picture
 *   Drawing                             what was found, on a picture
 * </pre>
 *
 * <p>Files are not trusted: sizes are checked first, and whatever is wrong with one is a {@link
 * org.sepconv.vision.PictureException}.
 */
package org.sepconv.vision;

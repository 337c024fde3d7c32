/**
 * Pictures to tensors, and back.
 *
 * <pre>
 *   file --PictureDecoder--&gt; Picture --Preprocessing--&gt; PictureTensor --&gt; a network
 *                              |         Framing           where the size comes from, Placement: the way back
 *                              |         Interpolation     ResizedRows, row by row
 *                              |         Normalisation     levels to numbers
 *                              |         Preset            all of that, by the name of what a network was trained on
 *   Picture &lt;--Preprocessing.picture-- values
 *   outputs --Classes--&gt; the likeliest classes
 *   map --Regions--&gt; Region --&gt; RotatedRectangle --&gt; Quadrilateral --Picture.cut--&gt; Picture
 *   Drawing                             what was found, on a picture
 * </pre>
 *
 * <p>Files are not trusted: sizes are checked first, and whatever is wrong with one is a {@link
 * org.sepconv.vision.PictureException}.
 */
package org.sepconv.vision;

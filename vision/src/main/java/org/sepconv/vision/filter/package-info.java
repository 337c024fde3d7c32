/**
 * Pictures through a separable convolution.
 *
 * <pre>
 *   PictureFilter    a kernel on each colour (FilterKernel), then a colour matrix (ColourMatrix), as
 *                      one convolution and its weights
 *   ColourPlanes     a picture as that convolution takes it and gives it
 * </pre>
 */
package org.sepconv.vision.filter;

/**
 * One separable block, in Sepconv and in other libraries: {@link
 * org.sepconv.examples.guide.SepconvBlock}, {@link org.sepconv.examples.guide.DjlBlock}, {@link
 * org.sepconv.examples.guide.OnnxRuntimeBlock}, {@link org.sepconv.examples.guide.Dl4jBlock}; they
 * are explained in {@code docs/coming-from.md}.
 */
package org.sepconv.examples.guide;

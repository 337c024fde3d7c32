/**
 * Finding backends, choosing one for a convolution, and saying why: {@link
 * org.sepconv.select.Backends} and {@link org.sepconv.select.Selection}.
 */
package org.sepconv.select;

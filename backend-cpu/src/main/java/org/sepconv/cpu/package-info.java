/** The pure-Java backend: Vector API kernels with a scalar fallback. */
package org.sepconv.cpu;

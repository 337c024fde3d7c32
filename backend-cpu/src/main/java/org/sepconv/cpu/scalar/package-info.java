/** Kernels in plain loops, for JVMs without the Vector API. */
package org.sepconv.cpu.scalar;

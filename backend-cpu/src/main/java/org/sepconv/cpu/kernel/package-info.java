/**
 * The seam between the backend and its kernels.
 *
 * <pre>
 *   KernelFamily     a kernel for every convolution: vector or scalar
 *     RowKernel      output rows of one convolution, or of two nodes of a graph that are Joined
 *     RowJob         which of them, from where to where: each worker's own
 *     TransposedRows what kernels of transposed convolutions share; TransposedLoops is one of them
 *     Operands       which inputs are what to it
 *     Partition      which rows, and which slices of the channels, are computed at once
 *   Loops            arithmetic and activations, as the family computes them
 *   KernelIds        what kernels are called
 * </pre>
 */
package org.sepconv.cpu.kernel;

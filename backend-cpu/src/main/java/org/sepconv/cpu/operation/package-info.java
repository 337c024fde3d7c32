/**
 * The operations of networks that are no convolutions, on blocks of channels, for every family.
 *
 * <pre>
 *   TensorKernels             the kernel for an operation
 *     TensorKernel            computes units, mostly rows of the output: the seam for new ones
 *       BinaryKernel          arithmetic, with RowOperand for what is repeated
 *       MapKernel             activations, square roots
 *       BatchNormKernel
 *       PoolKernel            windows
 *       RowReduction, ReduceKernel      over pixels; over anything
 *       SoftmaxKernel
 *       ResizeLinearKernel
 *       TiledProductKernel, MatrixProductKernel     in tiles; whatever cannot
 *       CopyKernel, Box       what only moves values
 *       ReshapeKernel
 * </pre>
 *
 * <p>They loop over rows and call the {@link org.sepconv.cpu.kernel.Loops} of a family.
 */
package org.sepconv.cpu.operation;

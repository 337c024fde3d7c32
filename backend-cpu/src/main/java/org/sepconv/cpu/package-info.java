/**
 * The pure-Java backend.
 *
 * <pre>
 *   CpuBackendProvider, CpuBackend, CpuTensor     the SPI; tensors are float arrays on the heap
 *     CpuConvolution    layout at the edges, strips of output rows over the threads of a WorkerPool
 *       RowKernel       output rows [first, end) of one convolution, NHWC: the seam for new kernels
 *         scalar        ScalarKernel: plain loops
 *         vector        DepthwiseKernel, MatrixKernel, FusedSeparableKernel, over register tiles
 *                       (DepthwiseTile, MatrixTile) whose bytecode is emitted at run time
 * </pre>
 *
 * <p>{@link org.sepconv.cpu.Kernels} picks the family. Vector classes are loaded only where the
 * module {@code jdk.incubator.vector} is present.
 */
package org.sepconv.cpu;

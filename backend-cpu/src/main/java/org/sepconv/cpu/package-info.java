/**
 * The pure-Java backend.
 *
 * <pre>
 *   CpuBackendProvider, CpuBackend      the SPI
 *   CpuTensor, ChannelBlocks            a float array on the heap, in blocks of channels; NCHW and
 *                                       NHWC are converted when they are written and read
 *     CpuConvolution    strips of output rows over the threads of a WorkerPool
 *       RowKernel       output rows [first, end) of one convolution: the seam for new kernels
 *         scalar        ScalarKernel: plain loops, all channels in one block
 *         vector        DepthwiseKernel, PointwiseKernel, MatrixKernel, FusedSeparableKernel, over
 *                       register tiles (DepthwiseTile, MatrixTile, PixelCopy) whose bytecode is
 *                       emitted at run time; TileChoice says which one a matrix product takes
 * </pre>
 *
 * <p>{@link org.sepconv.cpu.kernel.KernelFamily} picks the family. Vector classes are loaded only
 * where the module {@code jdk.incubator.vector} is present.
 */
package org.sepconv.cpu;

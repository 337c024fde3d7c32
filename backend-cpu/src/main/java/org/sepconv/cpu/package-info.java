/**
 * The pure-Java backend.
 *
 * <pre>
 *   CpuBackendProvider, CpuBackend     the SPI
 *     CpuTensor                        a float array on the heap, in blocks of channels; NCHW and
 *                                      NHWC are converted when they are written and read
 *     CpuConvolution                   strips of output rows over the threads of a WorkerPool
 *     CpuOperation                     units of an operation that is no convolution, over the threads
 *   KernelSettings, VectorApi          which family of kernels there is
 *   CpuDiagnosis                       what keeps it from its speed, for doctor
 *   VectorPeakLoop                     the processor's peak, for the cost model
 *
 *   cpu  -&gt;  .vector  -&gt;  .kernel  -&gt;  .layout  -&gt;  .memory, .warm       no arrow back
 *        -&gt;  .scalar  -&gt;  .kernel
 *        -&gt;  .operation  -&gt;  .kernel
 *            .vector  -&gt;  .tile    -&gt;  .memory, .warm
 *        -&gt;  .thread
 *
 *   .kernel     RowKernel: output rows of one convolution, the seam for new kernels
 *   .operation  TensorKernel: operations that are no convolutions
 *   .vector     kernels over register tiles
 *   .tile       register tiles, whose bytecode is emitted at run time
 *   .scalar     plain loops
 *   .layout     blocks of channels
 *   .memory     spans of arrays
 *   .warm       has emitted code compiled
 *   .thread     the threads of a backend
 * </pre>
 *
 * <p>Only {@link org.sepconv.cpu.CpuBackendProvider} is for users; what is public in the rooms is
 * so for the other rooms. Only {@code .tile} and {@code .vector} name {@code jdk.incubator.vector},
 * and are loaded only where that module is present.
 */
package org.sepconv.cpu;

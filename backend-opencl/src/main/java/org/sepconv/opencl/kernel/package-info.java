/**
 * What is computed, and with which tiles, as plain data: nothing here calls OpenCL.
 *
 * <pre>
 *   KernelFamily      the candidates for a convolution, best first: CpuKernels, GpuKernels
 *     Candidate       one of them: its id, and what adds its launches to a PlanDraft
 *   PlanDraft         launches in order, packed weights, buffers between the launches
 *     Launch          a ProgramKey (a .cl file and its constants), arguments, work-groups
 *
 *   each plans the .cl file of its name: constants, arguments, work-groups
 *     MatrixCpu, SeparableCpu                      for CpuKernels, with a CpuTile
 *     MatrixGpu                                    for GpuKernels, with a MatrixGpu.Block
 *     Depthwise, DepthwiseAny, Direct, Transpose   for both
 *     Arithmetic, Rearrange, Reduction, Product,
 *     Pool, LinearResize, Transposed               for both, of what is no convolution
 *
 *   OperationDraft    which of these an operation that is no convolution becomes
 *     Walk, Work      how values of tensors lie beside each other; how work-items share them
 *
 *   Operand, ArgumentList, Epilogue, Packing   what a kernel is given, and how weights lie
 *   *.cl              what runs; each says how it packs its operands; common.cl begins them all
 * </pre>
 *
 * <p>Kernels of convolutions know NHWC; NCHW tensors are turned around on the device before and
 * after.
 */
package org.sepconv.opencl.kernel;

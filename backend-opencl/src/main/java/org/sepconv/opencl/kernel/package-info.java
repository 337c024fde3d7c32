/**
 * What is computed, and with which tiles, as plain data: nothing here calls OpenCL.
 *
 * <pre>
 *   KernelFamily      the candidates for a convolution, best first: CpuKernels, GpuKernels
 *     Candidate       one of them: its id, and what adds its launches to a PlanDraft
 *   PlanDraft         launches in order, packed weights, buffers between the launches
 *     Launch          a ProgramKey (a .cl file and its constants), arguments, work-groups
 *   DepthwiseKernel, DirectKernel   what both families use
 *   Operand, ArgumentList, Epilogue, Packing   what a kernel is given, and how weights lie
 *   *.cl              what runs; each says how it packs its operands
 * </pre>
 *
 * <p>Kernels know NHWC; NCHW tensors are turned around on the device before and after.
 */
package org.sepconv.opencl.kernel;

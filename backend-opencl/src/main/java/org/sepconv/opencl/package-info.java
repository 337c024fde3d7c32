/**
 * The backend {@code opencl}: GPUs, and CPU devices, through OpenCL 1.2.
 *
 * <pre>
 *   OpenClBackendProvider   what ServiceLoader finds: devices, settings, and why there is none
 *   OpenClBackend           ClContext (context, queue, programs, transfers) + KernelFamily (CPU or GPU)
 *     OpenClTensor          a buffer
 *     OpenClConvolution     a KernelPlan: kernel launches, packed weights, buffers between the launches
 *
 *   KernelFamily            chooses tiles and plans kernels: CpuKernels, GpuKernels, and what both share
 *   ProgramCache            compiled kernels and tuned tiles, in memory and on disk
 *   kernels/*.cl            what runs; each says how it packs its operands
 * </pre>
 *
 * <p>Kernels know NHWC; NCHW tensors are turned around on the device before and after.
 */
package org.sepconv.opencl;

/**
 * The backend {@code opencl}: GPUs, and CPU devices, through OpenCL 1.2.
 *
 * <pre>
 *   OpenClBackendProvider   what ServiceLoader finds: devices, settings, and why there is none
 *     Probe                 what looking for devices found
 *   OpenClDiagnosis         what doctor says of a Probe, with IcdFiles
 *   OpenClBackend           an opened device
 *     OpenClTensor          a buffer, or a part of one that lies between the nodes of a graph
 *     OpenClOperation       a plan, and the runs that are idle
 *
 *   opencl  -&gt;  .plan  -&gt;  .kernel  -&gt;  .device       no arrow back
 *
 *   .plan                   chooses, compiles, measures and runs
 *   .kernel                 what there is to compute with, as plain data, and the .cl files
 *   .device                 devices, buffers, compiled programs
 * </pre>
 *
 * <p>Only {@link org.sepconv.opencl.OpenClBackendProvider} and {@link
 * org.sepconv.opencl.OpenClOperation} are for users; what is public in the rooms is so for the
 * other rooms.
 */
package org.sepconv.opencl;

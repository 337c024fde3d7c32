/**
 * Devices, and what is said to OpenCL about them; what is computed there, this room does not know.
 *
 * <pre>
 *   OpenClLibrary    whether there is a library to load, before JOCL looks for it
 *   JoclLibrary      unpacks JOCL's own, whole or not at all
 *   SignalHandlers   gives the JVM back what drivers took from it
 *   ClDevice         a device of any platform, and what it says of itself
 *   ClContext        an opened device: context, queue, buffers
 *     ProgramCache   compiled programs, in memory and on disk
 *     Transfers      values between host and buffers: MappedTransfers, StagedTransfers
 *   ClError          the status of a call as an exception
 * </pre>
 */
package org.sepconv.opencl.device;

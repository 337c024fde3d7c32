/**
 * {@code sepconv doctor}, and what it looks at beside the backends, which speak for themselves.
 *
 * <pre>
 *   DoctorCommand                                       asks all of these, and says what was found
 *   JvmFacts, ProcessorFacts, MemoryFacts, PlaceFacts   read from this process, or made up in tests
 *   JvmChecks, ProcessorChecks, ...                     facts -&gt; findings, pure functions
 *   Trial                                               a small convolution on each device, and its kernels
 * </pre>
 */
package org.sepconv.cli.doctor;

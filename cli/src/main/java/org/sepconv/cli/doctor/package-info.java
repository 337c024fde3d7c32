/**
 * What {@code sepconv doctor} looks at beside the backends, which speak for themselves.
 *
 * <pre>
 *   JvmFacts, ProcessorFacts, MemoryFacts, PlaceFacts   read from this process, or made up in tests
 *   JvmChecks, ProcessorChecks, ...                     facts -&gt; findings, pure functions
 *   Trial                                               a small convolution on each device
 * </pre>
 */
package org.sepconv.cli.doctor;

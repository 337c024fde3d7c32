/**
 * What a backend implements. {@link java.util.ServiceLoader} finds the provider; nothing else of a
 * backend is known to this module.
 *
 * <pre>
 *   ConvBackendProvider   name, rank; probe() = Available(devices) | Unavailable(reason, remedy)
 *     diagnose()          -&gt;  Findings              every precondition, and its remedy
 *     open(device, options)
 *   ConvBackend           one opened device: supports(problem), profile()
 *     allocate(spec)  -&gt;  Tensor                owned by the backend: write(), read()
 *     prepare(problem, weights)
 *                     -&gt;  Prepared              packed weights, compiled kernels: run(), explain()
 *       bind(inputs, outputs)
 *                     -&gt;  Run                   checked once: run(), or start() and await()
 *       parts()         -&gt;  Parts                 what a run does, each of which it can time
 * </pre>
 *
 * <p>The public methods check arguments, ownership and lifecycle; a backend implements the
 * protected ones, and an {@code Execution} for what one run at a time needs, and can rely on what
 * was checked. What it refuses of a separable convolution or of a graph is composed here ({@code
 * ComposedGraph}).
 */
package org.sepconv.spi;

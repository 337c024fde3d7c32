/**
 * What a backend implements. {@link java.util.ServiceLoader} finds the provider; nothing else of a
 * backend is known to this module.
 *
 * <pre>
 *   ConvBackendProvider   name, rank; probe() = Available(devices) | Unavailable(reason, remedy)
 *     diagnose()          -&gt;  Findings              every precondition, and its remedy
 *     open(device, options)
 *   ConvBackend           one opened device: supports(), profile()
 *     allocate(spec)  -&gt;  Tensor                owned by the backend: write(), read()
 *     prepare(...)    -&gt;  PreparedConvolution   packed weights, compiled kernels: run(src, dst)
 *                                                                   or run(src, residual, dst)
 * </pre>
 *
 * <p>The three classes check arguments, ownership and lifecycle in their public methods; a backend
 * implements the protected ones and can rely on what was checked.
 */
package org.sepconv.spi;

/**
 * A whole backend of a third party, on {@code core}'s SPI alone.
 *
 * <pre>
 *   LoopsBackendProvider   what ServiceLoader finds
 *   LoopsBackend           one opened device: what it accepts, its tensors
 *   LoopsConvolution       one prepared convolution: the kernel
 * </pre>
 *
 * <p>{@code docs/writing-a-backend.md} explains it line by line.
 */
package org.sepconv.examples.backend;

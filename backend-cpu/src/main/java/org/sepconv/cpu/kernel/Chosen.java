package org.sepconv.cpu.kernel;

import java.util.List;
import org.sepconv.spi.KernelCandidate;

/**
 * The kernel for a convolution.
 *
 * @param considered it and those that were tried before it, each with the reason
 */
public record Chosen(RowKernel kernel, List<KernelCandidate> considered) {
  public Chosen {
    considered = List.copyOf(considered);
  }

  /** A kernel to which there is no other. */
  public static Chosen only(RowKernel kernel, String reason) {
    return new Chosen(kernel, List.of(KernelCandidate.taken(kernel.id(), reason)));
  }
}

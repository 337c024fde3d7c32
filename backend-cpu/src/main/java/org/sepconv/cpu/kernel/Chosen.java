package org.sepconv.cpu.kernel;

import java.util.ArrayList;
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
    return after(List.of(), kernel, reason);
  }

  /** A kernel that is taken where those before it were refused. */
  public static Chosen after(List<KernelCandidate> refused, RowKernel kernel, String reason) {
    List<KernelCandidate> considered = new ArrayList<>(refused);
    considered.add(KernelCandidate.taken(kernel.id(), reason));
    return new Chosen(kernel, considered);
  }
}

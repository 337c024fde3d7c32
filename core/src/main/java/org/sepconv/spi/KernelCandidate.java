package org.sepconv.spi;

import java.util.Objects;

/**
 * A kernel that a backend considered for a problem.
 *
 * @param kernel its id, or what it would have been: {@code fused}
 * @param taken whether it is what runs
 * @param reason why, or why not
 */
public record KernelCandidate(String kernel, boolean taken, String reason) {
  public KernelCandidate {
    Objects.requireNonNull(kernel, "kernel");
    Objects.requireNonNull(reason, "reason");
  }

  public static KernelCandidate taken(String kernel, String reason) {
    return new KernelCandidate(kernel, true, reason);
  }

  public static KernelCandidate refused(String kernel, String reason) {
    return new KernelCandidate(kernel, false, reason);
  }

  /** {@code fused: no, depth multiplier 2}. */
  @Override
  public String toString() {
    return "%s: %s, %s".formatted(kernel, taken ? "yes" : "no", reason);
  }
}

package org.sepconv.cost;

import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;

/**
 * What a separable convolution saves over the standard one that it replaces.
 *
 * <p>In MACs and in parameters (without bias) this is {@code K*K*O / (K*K + O)} for depth
 * multiplier 1: 7.89 at K = 3, O = 64 (Howard et al. 2017, MobileNets, section 3.1).
 */
public record Saving(Cost separable, Cost standard) {

  /**
   * Both costs for one input shape.
   *
   * @throws IllegalArgumentException if the convolution cannot take this input
   */
  public static Saving of(SeparableConv2d separable, Shape input) {
    return new Saving(Cost.of(separable, input), Cost.of(separable.equivalentStandard(), input));
  }

  /** How many times fewer multiplications; the speed-up that theory promises. */
  public double macs() {
    return (double) standard.macs() / separable.macs();
  }

  /** How many times fewer filter values. */
  public double parameters() {
    return (double) standard.filterParameters() / separable.filterParameters();
  }

  /** How many times fewer compulsory bytes. */
  public double bytes() {
    return (double) standard.bytes() / separable.bytes();
  }
}

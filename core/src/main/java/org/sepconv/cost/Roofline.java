package org.sepconv.cost;

import java.util.Locale;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;

/**
 * The first, simple prediction: the slower of computing and of moving the bytes, plus the launch
 * (Williams, Waterman, Patterson 2009, Roofline).
 */
public final class Roofline {
  private Roofline() {}

  /**
   * A predicted time and what bounds it.
   *
   * @param seconds predicted wall time of one run
   * @param explanation the terms, for a person to read
   */
  public record Prediction(double seconds, String explanation) {}

  /**
   * Predicts one run of {@code convolution} on a device.
   *
   * @throws IllegalArgumentException if the convolution cannot take this input
   */
  public static Prediction predict(Convolution convolution, Shape input, DeviceProfile profile) {
    double compute = computeSeconds(convolution, input, profile);
    Cost cost = Cost.of(convolution, input);
    double memory = cost.bytes() / profile.bandwidth();
    double seconds = Math.max(compute, memory) + profile.launchSeconds();
    String explanation =
        String.format(
            Locale.ROOT,
            "%s-bound: %.3f ms computing, %.3f ms moving %.2f MB, %.3f ms launch",
            bound(compute, memory, profile.launchSeconds()),
            compute * 1e3,
            memory * 1e3,
            cost.bytes() / 1e6,
            profile.launchSeconds() * 1e3);
    return new Prediction(seconds, explanation);
  }

  private static String bound(double compute, double memory, double launch) {
    if (launch > Math.max(compute, memory)) {
      return "launch";
    }
    return compute >= memory ? "compute" : "memory";
  }

  private static double computeSeconds(
      Convolution convolution, Shape input, DeviceProfile profile) {
    return switch (convolution) {
      case Conv2d conv ->
          Cost.of(conv, input).flops()
              / (profile.peakFlops() * profile.efficiency().get(conv.kind()));
      case SeparableConv2d separable ->
          computeSeconds(separable.depthwise(), input, profile)
              + computeSeconds(
                  separable.pointwise(), separable.depthwise().outputShape(input), profile);
    };
  }
}

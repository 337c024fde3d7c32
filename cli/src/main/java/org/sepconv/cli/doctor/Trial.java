package org.sepconv.cli.doctor;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cases.Agreement;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.TestData;
import org.sepconv.reference.Reference;
import org.sepconv.select.Backends;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Finding;

/** The proof of the pudding: a small separable convolution on a device, held to the reference. */
public final class Trial {
  private static final SeparableConv2d BLOCK =
      SeparableConv2d.of(16, 32).same().bias().relu6().build();
  private static final TensorSpec INPUT = TensorSpec.nhwc(Shape.of(16, 14, 14));
  private static final int SEED = 1;

  private Trial() {}

  /**
   * Opens a device and runs on it.
   *
   * @param words puts a failure into words
   */
  public static Finding run(
      Backends backends, DeviceInfo device, Function<Throwable, String> words) {
    TestData data = TestData.of(BLOCK, INPUT.shape(), DataKind.FLOATS, SEED);
    long start = System.nanoTime();
    float[] output;
    try {
      output = backends.backend(device.id()).convolve(BLOCK, data.weights(), INPUT, data.input());
    } catch (RuntimeException | LinkageError failure) {
      return Finding.failed(
          device.id(),
          "does not run: " + words.apply(failure),
          "see its backend above; sepconv compare --verbose --backend %s prints where it fails"
              .formatted(device.id()));
    }
    double milliseconds = (System.nanoTime() - start) / 1e6;
    Reference.Result expected = Reference.run(BLOCK, data.weights(), INPUT, data.input());
    return wrong(expected, output)
        .map(
            problem ->
                Finding.failed(
                    device.id(),
                    problem,
                    "sepconv verify --backend " + device.id() + ", and report what it prints"))
        .orElseGet(
            () ->
                Finding.ok(
                    device.id(),
                    String.format(
                        Locale.ROOT,
                        "opened, prepared and ran a separable convolution rightly in %.0f ms",
                        milliseconds)));
  }

  private static Optional<String> wrong(Reference.Result expected, float[] output) {
    int wrong = Agreement.of(expected, output).wrong();
    return wrong == 0
        ? Optional.empty()
        : Optional.of("%d of %d values are wrong".formatted(wrong, output.length));
  }
}

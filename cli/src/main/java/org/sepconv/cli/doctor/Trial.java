package org.sepconv.cli.doctor;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.sepconv.Problem;
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
import org.sepconv.spi.KernelCandidate;
import org.sepconv.spi.Prepared;

/**
 * The proof of the pudding: a small separable convolution on a device, held to the reference.
 *
 * @param finding what came of it
 * @param kernels that the device considered; none if it did not get so far
 */
record Trial(Finding finding, List<KernelCandidate> kernels) {
  private static final SeparableConv2d BLOCK =
      SeparableConv2d.of(16, 32).same().bias().relu6().build();
  private static final TensorSpec INPUT = TensorSpec.nhwc(Shape.of(16, 14, 14));
  private static final int SEED = 1;

  /** What is found without trying a device. */
  static Trial without(Finding finding) {
    return new Trial(finding, List.of());
  }

  /**
   * Opens a device and runs on it.
   *
   * @param words puts a failure into words
   */
  static Trial run(Backends backends, DeviceInfo device, Function<Throwable, String> words) {
    Problem problem = Problem.of(BLOCK, INPUT);
    TestData data = TestData.of(BLOCK, INPUT.shape(), DataKind.FLOATS, SEED);
    float[] input = data.inputs(problem)[0];
    float[] output = new float[problem.destination().shape().elements()];
    List<KernelCandidate> kernels = List.of();
    long start = System.nanoTime();
    try (Prepared prepared = backends.backend(device.id()).prepare(problem, data.weights())) {
      kernels = prepared.explain();
      prepared.run(input, output);
    } catch (RuntimeException | LinkageError | AssertionError | OutOfMemoryError failure) {
      return new Trial(failed(device, words.apply(failure)), kernels);
    }
    double milliseconds = (System.nanoTime() - start) / 1e6;
    Reference.Result expected = Reference.run(problem, data.weights(), input);
    Finding finding =
        wrong(expected, output)
            .map(
                difference ->
                    Finding.failed(
                        device.id(),
                        difference,
                        "sepconv verify --backend " + device.id() + ", and report what it prints"))
            .orElseGet(() -> ok(device, milliseconds));
    return new Trial(finding, kernels);
  }

  private static Finding failed(DeviceInfo device, String why) {
    return Finding.failed(
        device.id(),
        "does not run: " + why,
        "see its backend above; sepconv compare --verbose --backend %s prints where it fails"
            .formatted(device.id()));
  }

  private static Finding ok(DeviceInfo device, double milliseconds) {
    return Finding.ok(
        device.id(),
        String.format(
            Locale.ROOT,
            "opened, prepared and ran a separable convolution rightly in %.0f ms",
            milliseconds));
  }

  private static Optional<String> wrong(Reference.Result expected, float[] output) {
    int wrong = Agreement.of(expected, output).wrong();
    return wrong == 0
        ? Optional.empty()
        : Optional.of("%d of %d values are wrong".formatted(wrong, output.length));
  }
}

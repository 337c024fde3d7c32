package org.sepconv.cli.compare;

import java.util.List;
import java.util.Optional;
import org.sepconv.cli.cost.ConvolutionCost;
import org.sepconv.cli.frame.Errors;
import org.sepconv.cli.text.Timing;
import org.sepconv.select.Selection;

/**
 * What {@code sepconv compare} found out, as JSON:
 *
 * @param kind what is compared: {@code convolution} or {@code network}
 * @param cost what both cost, whatever runs them
 * @param layout of input and output
 * @param threads CPU threads that a run may use
 * @param secondsEach how long each was measured on each device, after a warm-up of as long
 * @param results one for each device and variant, in the order of {@code cost.variants}
 * @param devices that could not take part
 * @param selection what would run the separable one; null if backends were named
 * @param passed whether every result is {@code ok} or {@code unsupported}, and no device failed
 */
record Comparison(
    String kind,
    ConvolutionCost cost,
    String layout,
    int threads,
    double secondsEach,
    List<Result> results,
    List<Absent> devices,
    Optional<Chosen> selection,
    boolean passed) {

  /** Whether a result can be believed. */
  enum Verdict {
    /** Every output is within the bound of the reference. */
    OK,
    /** Some output is not. */
    WRONG,
    /** The device failed. */
    FAILED,
    /** The backend says that it cannot run this convolution. */
    UNSUPPORTED
  }

  /**
   * One convolution, or network, on one device.
   *
   * @param problem what is wrong; empty if the verdict is OK
   * @param kernel what ran; of a network, how many operations, and where
   * @param worstError the largest error as a share of what a correct float32 result may have
   * @param timing null unless the verdict is OK
   * @param gflops 2 x MACs over the median time; 0 if there is none
   * @param predictedSeconds what the cost model says for this device
   * @param speedup median of the standard convolution on this device over this median; 0 if one of
   *     the two is missing
   * @param promisedSpeedup MACs of the standard convolution over these
   */
  record Result(
      String device,
      String variant,
      Verdict verdict,
      String problem,
      String kernel,
      double worstError,
      Optional<Timing> timing,
      double gflops,
      double predictedSeconds,
      double speedup,
      double promisedSpeedup) {}

  /**
   * A backend without devices, or a device that does not open.
   *
   * @param failed whether it said that it was available
   */
  record Absent(String name, String reason, String remedy, boolean failed) {}

  /**
   * A {@link Selection}.
   *
   * @param estimates which predictions are estimates, and the way out; null if none is
   */
  record Chosen(String device, String reason, List<String> candidates, Optional<String> estimates) {
    static Chosen of(Selection selection, Optional<String> estimates) {
      return new Chosen(
          selection.chosen().id(),
          selection.reason(),
          selection.candidates().stream()
              .map(candidate -> Errors.oneLine(candidate.toString()))
              .toList(),
          estimates);
    }
  }
}

package org.sepconv.calibration;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sepconv.Activation;
import org.sepconv.BatchNormalization;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Elementwise;
import org.sepconv.Graph;
import org.sepconv.KernelKind;
import org.sepconv.MatrixProduct;
import org.sepconv.Pool2d;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.ResizeLinear;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.TransposedConv2d;
import org.sepconv.cost.Calibrated;
import org.sepconv.cost.Calibrated.Transfer;
import org.sepconv.cost.Ceilings;
import org.sepconv.cost.Observation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A profile as JSON. Only what was measured is kept, and fitted anew when it is read: a better
 * model needs no new measurement.
 */
record ProfileDocument(
    String format,
    int version,
    String device,
    String fingerprint,
    int threads,
    Map<String, String> settings,
    String jdk,
    String library,
    String measuredAt,
    boolean brief,
    Ceilings ceilings,
    Optional<Moved> transfer,
    Optional<Double> inNetworks,
    List<Point> points) {

  static final String FORMAT = "sepconv-profile";

  /** Goes up when the meaning of a field changes. */
  static final int VERSION = 3;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /** The transfer to the host or back. */
  record Moved(double seconds, double bytesPerSecond) {}

  /** An operation of {@link Operations} with its time. */
  record Point(
      KernelKind kind,
      int in,
      int out,
      int groups,
      int kernel,
      int stride,
      boolean activated,
      int height,
      int width,
      double seconds) {

    static Point of(Observation observation) {
      return switch (observation.problem().operation()) {
        case Conv2d conv -> of(observation, conv, conv);
        case SeparableConv2d separable -> of(observation, separable, separable.depthwise());
        case BatchNormalization _,
            Elementwise _,
            Graph _,
            MatrixProduct _,
            Pool2d _,
            Rearrangement _,
            Reduce _,
            ResizeLinear _,
            Softmax _,
            TransposedConv2d _ ->
            throw new IllegalArgumentException("a profile has no points of " + observation);
      };
    }

    private static Point of(Observation observation, Convolution convolution, Conv2d spatial) {
      Shape input = observation.problem().source().shape();
      return new Point(
          convolution.kind(),
          convolution.inChannels(),
          convolution.outChannels(),
          spatial.groups(),
          spatial.kernelH(),
          spatial.strideH(),
          spatial.bias(),
          input.h(),
          input.w(),
          observation.seconds());
    }

    Observation observation() {
      return new Observation(Operations.on(convolution(), Shape.of(in, height, width)), seconds);
    }

    private Convolution convolution() {
      if (kind == KernelKind.SEPARABLE) {
        var block = SeparableConv2d.of(in, out).kernel(kernel).stride(stride).same();
        return activated ? block.bias().relu6().build() : block.build();
      }
      var conv = Conv2d.of(in, out).groups(groups).kernel(kernel).stride(stride).same();
      return activated ? conv.bias().activation(Activation.RELU6).build() : conv.build();
    }
  }

  static String write(StoredProfile profile) {
    ProfileKey key = profile.key();
    Calibrated model = profile.model();
    return JSON.writeValueAsString(
        new ProfileDocument(
            FORMAT,
            VERSION,
            key.device(),
            key.fingerprint(),
            key.threads(),
            key.settings(),
            key.jdk(),
            key.library(),
            profile.measuredAt().toString(),
            profile.brief(),
            model.ceilings(),
            model.transfer().map(moved -> new Moved(moved.seconds(), moved.bandwidth())),
            Optional.of(model.inNetworks()),
            model.observations().stream().map(Point::of).toList()));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws RuntimeException of many kinds if it is anything else
   */
  static StoredProfile read(String text) {
    var header = JSON.readTree(text);
    String format = header.path("format").asString("");
    int version = header.path("version").asInt(0);
    if (!format.equals(FORMAT) || version != VERSION) {
      throw new IllegalArgumentException(
          "its format is '%s', version %d, not '%s', version %d"
              .formatted(format, version, FORMAT, VERSION));
    }
    ProfileDocument document = JSON.treeToValue(header, ProfileDocument.class);
    return new StoredProfile(
        new ProfileKey(
            document.device,
            document.fingerprint,
            document.threads,
            document.settings,
            document.jdk,
            document.library),
        Instant.parse(document.measuredAt),
        document.brief,
        new Calibrated(
                document.threads,
                document.ceilings,
                document.transfer.map(moved -> new Transfer(moved.seconds, moved.bytesPerSecond)),
                document.points.stream().map(Point::observation).toList())
            .withInNetworks(document.inNetworks.orElse(1.0)));
  }
}

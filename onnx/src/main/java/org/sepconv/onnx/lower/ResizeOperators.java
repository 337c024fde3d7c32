package org.sepconv.onnx.lower;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Resampling;
import org.sepconv.ResizeLinear;
import org.sepconv.ResizeNearest;
import org.sepconv.Shape;
import org.sepconv.onnx.constant.Rules;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/**
 * Resize and Upsample, one dimension after the other: the nearest value is picked, anything
 * smoother is a product with a matrix of shares.
 */
final class ResizeOperators {
  private ResizeOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("Resize", ResizeOperators::resize);
    all.put("Upsample", ResizeOperators::resize);
  }

  private static void resize(Scope scope) {
    boolean older = scope.node().operator().equals("Upsample") || scope.opset() < 11;
    for (String unsupported : new String[] {"antialias", "exclude_outside"}) {
      if (scope.attributes().flag(unsupported)) {
        throw new UnsupportedNode("with " + unsupported);
      }
    }
    if (!scope.attributes().text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
      throw new UnsupportedNode("with keep_aspect_ratio_policy");
    }
    Running value = scope.running(0);
    int rank = value.rank();
    double[] scales = new double[rank];
    int[] sizes = value.dimensions();
    Arrays.fill(scales, 1);
    readSizes(scope, older, value, scales, sizes);
    String mode = scope.attributes().text("mode", "nearest");
    Optional<Operation> whole = image(scope, older, value, scales, sizes);
    if (whole.isPresent()) {
      Running image = scope.view(value, Shapes.image(value.dimensions()));
      scope.give(scope.apply("", whole.get(), sizes, image));
      return;
    }
    Running result = value;
    for (int axis = 0; axis < rank; axis++) {
      int from = value.dimension(axis);
      if (from == sizes[axis] && scales[axis] == 1) {
        continue;
      }
      AxisResampling rule =
          AxisResampling.of(scope.attributes(), older, from, sizes[axis], scales[axis]);
      result =
          switch (mode) {
            case "nearest" ->
                ShapeOperators.picked(scope, result, axis, sizes[axis], rule::nearest);
            case "linear", "bilinear", "cubic" -> mixed(scope, result, axis, rule, mode);
            default -> throw new OnnxException("mode is '%s'".formatted(mode));
          };
    }
    scope.give(result);
  }

  /**
   * The one operation that does it, if there is one: for heights and widths, nearest and linear.
   */
  private static Optional<Operation> image(
      Scope scope, boolean older, Running value, double[] scales, int[] sizes) {
    int rank = value.rank();
    AxisResampling rule = AxisResampling.of(scope.attributes(), older, 1, 1, 1);
    Optional<Resampling.Coordinates> coordinates =
        Stream.of(Resampling.Coordinates.values())
            .filter(one -> one.name().equalsIgnoreCase(rule.transformation()))
            .findFirst();
    if (rank < 3 || rank > 4 || scales[0] != 1 || scales[1] != 1 || coordinates.isEmpty()) {
      return Optional.empty();
    }
    boolean exact = true;
    for (int i = 0; i < rank; i++) {
      exact &= scales[i] == (double) sizes[i] / value.dimension(i);
    }
    int height = rank == 3 ? 1 : sizes[2];
    float vertical = rank == 3 ? 1 : (float) scales[2];
    if (!exact && coordinates.get() == Resampling.Coordinates.ALIGN_CORNERS) {
      return Optional.empty(); // the standard counts in parts of a pixel there
    }
    Resampling resampling =
        new Resampling(
            exact
                ? new Resampling.Size(height, sizes[rank - 1])
                : new Resampling.Scale(vertical, (float) scales[rank - 1]),
            coordinates.get());
    return switch (scope.attributes().text("mode", "nearest")) {
      case "nearest" -> rule.coreRounding().map(r -> new ResizeNearest(resampling, r));
      case "linear", "bilinear" -> Optional.of(new ResizeLinear(resampling));
      default -> Optional.empty();
    };
  }

  /** Scales in the order in which operator sets have them: attribute, second or third input. */
  private static void readSizes(
      Scope scope, boolean older, Running value, double[] scales, int[] sizes) {
    int[] axes =
        scope.attributes().ints("axes").orElseGet(() -> IntStream.range(0, value.rank()).toArray());
    Optional<Tensor> given =
        scope.known(older ? 1 : 2, "the scales").filter(tensor -> tensor.size() > 0);
    if (given.isEmpty() && older) {
      given = scope.attributes().reals("scales").map(v -> Tensor.of(new int[] {v.length}, v));
    }
    Optional<Tensor> wanted =
        older ? Optional.empty() : scope.known(3, "the sizes").filter(tensor -> tensor.size() > 0);
    Tensor list = wanted.or(() -> Optional.empty()).orElse(given.orElse(null));
    if (list == null || list.size() != axes.length) {
      throw new OnnxException("it has neither a scale nor a size for each dimension");
    }
    for (int i = 0; i < axes.length; i++) {
      int axis = Rules.axis(axes[i], value.rank());
      int from = value.dimension(axis);
      if (wanted.isPresent()) {
        sizes[axis] = list.ints()[i];
        scales[axis] = (double) sizes[axis] / from;
      } else {
        scales[axis] = list.real(i);
        sizes[axis] = (int) (from * (float) scales[axis]); // as engines round it
      }
      if (sizes[axis] < 1) {
        throw new OnnxException("it makes %d of %d".formatted(sizes[axis], from));
      }
    }
  }

  private static Running mixed(
      Scope scope, Running value, int axis, AxisResampling rule, String mode) {
    int[] dimensions = value.dimensions();
    int from = dimensions[axis];
    int to = rule.to();
    scope.budget().take((long) from * to);
    float[] shares = mode.equals("cubic") ? rule.cubic() : rule.linear();
    int outer = Tensor.elements(Arrays.copyOf(dimensions, axis));
    int inner = Tensor.elements(Arrays.copyOfRange(dimensions, axis + 1, dimensions.length));
    dimensions[axis] = to;
    if (inner == 1) {
      Running rows = scope.view(value, new Shape(1, 1, outer, from));
      return scope.apply(
          "columns",
          new MatrixProduct(),
          dimensions,
          rows,
          matrix(scope, "across", turned(shares, to, from), from, to));
    }
    Running stack = scope.view(value, new Shape(1, outer, from, inner));
    return scope.apply(
        "rows", new MatrixProduct(), dimensions, matrix(scope, "down", shares, to, from), stack);
  }

  private static Running matrix(Scope scope, String suffix, float[] values, int rows, int columns) {
    return scope.constant(
        scope.name(suffix),
        Tensor.of(new int[] {rows, columns}, values),
        new Shape(1, 1, rows, columns));
  }

  private static float[] turned(float[] matrix, int rows, int columns) {
    float[] turned = new float[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j * rows + i] = matrix[i * columns + j];
      }
    }
    return turned;
  }
}

package org.sepconv.onnx.constant;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sepconv.onnx.model.Node;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;
import org.sepconv.onnx.model.WholeType;

/**
 * What whole numbers of a tensor stand for: {@code (q - zero point) * scale}, with one scale for
 * all of them, one for each place of an axis, or one for each block of an axis.
 */
public final class Scales {
  private final Tensor scale;
  private final Optional<Tensor> zero;
  private final WholeType type;

  /** Places of the tensor that have a scale in common, and those behind the axis. */
  private final int axisLength;

  private final int inner;
  private final int block;
  private final int[] beside;

  private Scales(
      Tensor scale, Optional<Tensor> zero, WholeType type, int[] dimensions, int axis, int block) {
    this.scale = scale;
    this.zero = zero;
    this.type = type;
    this.block = block;
    this.axisLength = axis < 0 ? 1 : dimensions[axis];
    this.inner =
        axis < 0 ? 1 : Tensor.elements(Arrays.copyOfRange(dimensions, axis + 1, dimensions.length));
    this.beside = new int[dimensions.length];
    Arrays.fill(beside, 1);
    if (axis >= 0) {
      beside[axis] = scale.size();
    }
  }

  /**
   * Those of a QuantizeLinear or DequantizeLinear of known values.
   *
   * @throws OnnxException as the other
   */
  static Scales of(Node node, List<Tensor> inputs, Tensor values) {
    if (!node.hasInput(1)) {
      throw new OnnxException("the scale is left out");
    }
    Optional<Tensor> zero = node.hasInput(2) ? Optional.of(inputs.get(2)) : Optional.empty();
    Scales scales = of(node, inputs.get(1), zero, values.dimensions());
    if (node.operator().equals("DequantizeLinear")
        && zero.isPresent()
        && values.type() != WholeType.OTHER
        && scales.type != values.type()) {
      throw new OnnxException(
          "the zero point is of type %s, but the values are of %s"
              .formatted(scales.type, values.type()));
    }
    return scales;
  }

  /**
   * Those of a QuantizeLinear or DequantizeLinear of values of these dimensions.
   *
   * @throws OnnxException if a scale is none, there are more or fewer of them than places, or the
   *     zero points do not go with them
   */
  public static Scales of(Node node, Tensor scale, Optional<Tensor> zero, int[] dimensions) {
    for (int i = 0; i < scale.size(); i++) {
      if (!(scale.real(i) > 0 && scale.real(i) <= Float.MAX_VALUE)) {
        throw new OnnxException(
            "scale %d is %s, but must be positive and finite".formatted(i, scale.real(i)));
      }
    }
    if (!scale.isReal() || scale.size() == 0) {
      throw new OnnxException("the scale is a " + scale + ", but must be one of real numbers");
    }
    WholeType type =
        zero.map(Tensor::type)
            .orElseGet(() -> WholeType.of(node.attributes().integer("output_dtype", 2)));
    zero.ifPresent(points -> checkZero(scale, points));
    long block = node.attributes().integer("block_size", 0);
    boolean single = scale.size() == 1 && block == 0;
    int axis = single ? -1 : Rules.axis(node.attributes().integer("axis", 1), dimensions.length);
    checkLength(scale, dimensions, axis, block);
    return new Scales(scale, zero, type, dimensions, axis, (int) block);
  }

  private static void checkZero(Tensor scale, Tensor zero) {
    boolean allowed = zero.type().isShort();
    for (int i = 0; i < zero.size(); i++) {
      allowed |= zero.type() == WholeType.INT32 && zero.integer(i) == 0;
    }
    if (zero.isReal() || !allowed) {
      throw new OnnxException(
          "the zero point is a %s of type %s, but must be one of 8 or 16 bits"
              .formatted(zero, zero.type()));
    }
    if (zero.size() != scale.size()) {
      throw new OnnxException(
          "there are %d zero points for %d scales".formatted(zero.size(), scale.size()));
    }
  }

  private static void checkLength(Tensor scale, int[] dimensions, int axis, long block) {
    if (axis < 0) {
      return;
    }
    int[] wanted = {dimensions[axis]};
    if (block != 0) {
      wanted = dimensions.clone();
      if (block < 0 || block > Integer.MAX_VALUE) {
        throw new OnnxException("the block size is " + block);
      }
      wanted[axis] = Math.ceilDiv(dimensions[axis], (int) block);
    }
    if (!Arrays.equals(scale.dimensions(), wanted)) {
      throw new OnnxException(
          "the scales are %s for dimension %d of %s"
              .formatted(Arrays.toString(scale.dimensions()), axis, Arrays.toString(dimensions)));
    }
  }

  /** Whether one scale serves all values. */
  public boolean isSingle() {
    return scale.size() == 1;
  }

  /** The first scale; the only one where it is {@link #isSingle}. */
  public float scale() {
    return (float) scale.real(0);
  }

  /** The zero point of that scale. */
  public long zero() {
    return zero(0);
  }

  private long zero(int index) {
    return zero.isPresent() ? zero.get().integer(index) : 0;
  }

  /** What is rounded to; where the zero point is left out, eight bits without a sign. */
  public WholeType type() {
    return type;
  }

  /** Whether it is said what is rounded to, by the type of a zero point. */
  public boolean hasZero() {
    return zero.isPresent();
  }

  /** The scales so that they can be multiplied with the values. */
  public Tensor scalesBeside() {
    requireAxis();
    return scale.reshaped(beside);
  }

  /** The zero points so that they can be subtracted from the values. */
  public Tensor zerosBeside() {
    requireAxis();
    return zero.orElseGet(() -> Tensor.vector(new long[scale.size()])).reshaped(beside);
  }

  private void requireAxis() {
    if (block != 0) {
      throw new OnnxException("blocks of %d of values that are computed".formatted(block));
    }
  }

  /** Which scale a value has. */
  private int place(int index) {
    if (isSingle()) {
      return 0;
    }
    int along = index / inner % axisLength;
    if (block == 0) {
      return along;
    }
    int outer = index / inner / axisLength;
    return (outer * Math.ceilDiv(axisLength, block) + along / block) * inner + index % inner;
  }

  /** The real numbers that whole ones stand for. */
  Tensor dequantized(Tensor whole, Budget budget) {
    float[] values = new float[budget.take(whole.dimensions())];
    for (int i = 0; i < values.length; i++) {
      int place = place(i);
      values[i] = (float) ((whole.real(i) - zero(place)) * scale.real(place));
    }
    return Tensor.of(whole.dimensions(), values);
  }

  /** The whole numbers that stand for what is next to real ones. */
  Tensor quantized(Tensor real, Budget budget) {
    long[] values = new long[budget.take(real.dimensions())];
    for (int i = 0; i < values.length; i++) {
      int place = place(i);
      double steps = Math.rint((float) real.real(i) / (float) scale.real(place));
      values[i] = (long) Math.clamp(steps + zero(place), type.lowest(), (double) type.highest());
    }
    return Tensor.of(real.dimensions(), values, type);
  }
}

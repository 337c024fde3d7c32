package org.sepconv.onnx.lower;

import java.util.Map;
import java.util.Optional;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Graph;
import org.sepconv.Quantize;
import org.sepconv.onnx.constant.Scales;
import org.sepconv.onnx.model.Fused;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/**
 * Rounding to whole numbers and back. Whole numbers are float32 in a graph; a number that goes back
 * at once never becomes one: both are one {@link Quantize}.
 */
final class QuantizationOperators {
  private QuantizationOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("QuantizeLinear", QuantizationOperators::quantize);
    all.put("DequantizeLinear", QuantizationOperators::dequantize);
    all.put(Fused.DIFFERENCE, QuantizationOperators::difference);
    all.put("Round", QuantizationOperators::roundAny);
    all.put(Fused.ROUND_WITHIN, QuantizationOperators::round);
  }

  private static Scales scales(Scope scope, Running value) {
    return Scales.of(
        scope.node(),
        scope.constant(1, "the scale"),
        scope.known(2, "the zero point"),
        value.dimensions());
  }

  private static void quantize(Scope scope) {
    Running value = scope.running(0);
    Scales scales = scales(scope, value);
    if (!scales.type().isShort()) {
      throw new UnsupportedNode("to the type %s".formatted(scales.type()));
    }
    int lowest = (int) scales.type().lowest();
    int highest = (int) scales.type().highest();
    if (scales.isSingle()) {
      int zero = (int) scales.zero();
      scope.give(scope.map("", Quantize.toWhole(scales.scale(), zero, lowest, highest), value));
      return;
    }
    Running steps =
        with(scope, "steps", Binary.Function.DIVIDE, value, scales.scalesBeside(), "scales");
    Quantize rounding = new Quantize(1, -Quantize.MOST, Quantize.MOST, 0, 1);
    Running rounded = scope.map("rounded", rounding, steps);
    Running moved =
        with(scope, "moved", Binary.Function.ADD, rounded, scales.zerosBeside(), "zeros");
    scope.give(scope.map("", new Activate(new Activation.Clamp(lowest, highest)), moved));
  }

  private static void dequantize(Scope scope) {
    Running value = scope.running(0);
    if (scope.tensor(1).isEmpty()) {
      dequantizeByComputed(scope, value);
      return;
    }
    Scales scales = scales(scope, value);
    Optional<Graph.Node> giver = scope.draft().node(value.node());
    if (scales.isSingle()
        && giver.isPresent()
        && giver.get().operation() instanceof Quantize quantize
        && quantize.factor() == 1) {
      scope.give(together(scope, value, scales, giver.get(), quantize));
    } else if (scales.isSingle() && scales.hasZero() && scales.type().isShort()) {
      int lowest = (int) scales.type().lowest();
      int highest = (int) scales.type().highest();
      int zero = (int) scales.zero();
      scope.give(scope.map("", Quantize.fromWhole(scales.scale(), zero, lowest, highest), value));
    } else {
      Running moved =
          with(scope, "moved", Binary.Function.SUBTRACT, value, scales.zerosBeside(), "zeros");
      scope.give(with(scope, "", Binary.Function.MULTIPLY, moved, scales.scalesBeside(), "scales"));
    }
  }

  /** Whole numbers that were made a moment ago: the two are one operation. */
  private static Running together(
      Scope scope, Running value, Scales scales, Graph.Node giver, Quantize quantize) {
    int lowest = quantize.lowest() + quantize.offset();
    int highest = quantize.highest() + quantize.offset();
    if (scales.hasZero()
        && (lowest != scales.type().lowest() || highest != scales.type().highest())) {
      throw new OnnxException(
          "the zero point is of type %s, but the values are from %d to %d"
              .formatted(scales.type(), lowest, highest));
    }
    String source = giver.inputs().getFirst();
    Quantize both =
        new Quantize(
            quantize.step(),
            quantize.lowest(),
            quantize.highest(),
            quantize.offset() - (int) scales.zero(),
            scales.scale());
    return scope.map(
        "", both, new Running(source, scope.draft().shape(source), value.dimensions(), false));
  }

  /** With a scale that a run computes, as DynamicQuantizeLinear gives it. */
  private static void dequantizeByComputed(Scope scope, Running value) {
    Running scale = scope.running(1);
    if (scale.shape().elements() != 1) {
      throw new UnsupportedNode("with more than one scale that is computed");
    }
    Running moved =
        scope.has(2)
            ? ArithmeticOperators.binary(
                scope, "moved", Binary.Function.SUBTRACT, value, scope.running(2))
            : value;
    scope.give(ArithmeticOperators.binary(scope, "", Binary.Function.MULTIPLY, moved, scale));
  }

  private static void difference(Scope scope) {
    Running value = scope.running(0);
    scope.give(
        scope.has(1)
            ? ArithmeticOperators.binary(
                scope, "", Binary.Function.SUBTRACT, value, scope.running(1))
            : value);
  }

  private static void round(Scope scope) {
    int lowest = (int) scope.attributes().integer("min", 0);
    int highest = (int) scope.attributes().integer("max", 0);
    scope.give(scope.map("", new Quantize(1, lowest, highest, 0, 1), scope.running(0)));
  }

  /** Beyond the range of {@link Quantize} float32 has few digits behind the point, or none. */
  private static void roundAny(Scope scope) {
    Running value = scope.running(0);
    Quantize rounding = new Quantize(1, -Quantize.MOST, Quantize.MOST, 0, 1);
    Running rounded = scope.map("rounded", rounding, value);
    Activation.Clamp within = new Activation.Clamp(-Quantize.MOST, Quantize.MOST);
    Running clamped = scope.map("clamped", new Activate(within), value);
    Running beyond =
        ArithmeticOperators.binary(scope, "beyond", Binary.Function.SUBTRACT, value, clamped);
    scope.give(ArithmeticOperators.binary(scope, "", Binary.Function.ADD, rounded, beyond));
  }

  private static Running with(
      Scope scope,
      String suffix,
      Binary.Function function,
      Running value,
      Tensor operand,
      String what) {
    Running constant =
        scope.constant(scope.name(what), operand, Shapes.natural(operand.dimensions()));
    return ArithmeticOperators.binary(scope, suffix, function, value, constant);
  }
}

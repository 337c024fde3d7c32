package org.sepconv.onnx.simplify;

import java.util.List;
import java.util.Map;
import org.sepconv.onnx.model.Attributes;
import org.sepconv.onnx.model.Node;
import org.sepconv.onnx.model.Tensor;

/**
 * DynamicQuantizeLinear in parts: values are rounded to 0 to 255 with the scale and zero point that
 * their own range, 0 within it, asks for. Where all values are 0 the scale is 1, as ONNX Runtime
 * has it.
 *
 * <pre>
 *   range = max(x, 0) - min(x, 0)
 *   scale = range / 255 + (1 where the range is 0)
 *   zero  = round(-min(x, 0) / scale)
 *   y     = clamp(round(x / scale) + zero)
 * </pre>
 */
final class DynamicQuantization {
  private static final Attributes NONE = new Attributes(Map.of());

  /** So that any range times it is at least 1, unless it is 0 or no number's difference. */
  private static final float LARGE = 3e38f;

  private DynamicQuantization() {}

  static List<Node> parts(NodeParts parts) {
    String x = parts.input(0);
    Attributes toOne = new Attributes(Map.of("keepdims", 0L));
    String zero = number(parts, "0", 0);
    String one = number(parts, "1", 1);
    String most = parts.add("ReduceMax", "most", List.of(x), toOne);
    String least = parts.add("ReduceMin", "least", List.of(x), toOne);
    String upper = parts.add("Max", "upper", List.of(most, zero), NONE);
    String lower = parts.add("Min", "lower", List.of(least, zero), NONE);
    String range = parts.add("Sub", "range", List.of(upper, lower), NONE);
    String step = parts.add("Div", "step", List.of(range, number(parts, "255", 255)), NONE);
    String large = parts.add("Mul", "large", List.of(range, number(parts, "factor", LARGE)), NONE);
    String any = parts.add("Min", "any", List.of(large, one), NONE);
    String none = parts.add("Sub", "none", List.of(one, any), NONE);
    String scale = parts.add("Add", "scale", List.of(step, none), NONE);
    String below = parts.add("Div", "below", List.of(lower, scale), NONE);
    String above = parts.add("Neg", "above", List.of(below), NONE);
    String point = parts.rounded("point", above, 0, 255);
    String steps = parts.add("Div", "steps", List.of(x, scale), NONE);
    String rounded = parts.rounded("rounded", steps, -1024, 1024);
    String moved = parts.add("Add", "moved", List.of(rounded, point), NONE);
    parts.give("Clip", List.of(moved, zero, number(parts, "most:byte", 255)), 0, NONE);
    parts.give("Identity", List.of(scale), 1, NONE);
    parts.give("Identity", List.of(point), 2, NONE);
    return parts.nodes();
  }

  private static String number(NodeParts parts, String part, float value) {
    Tensor tensor = Tensor.of(new int[0], new float[] {value});
    return parts.add("Constant", part, List.of(), new Attributes(Map.of("value", tensor)));
  }
}

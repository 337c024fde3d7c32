package org.sepconv.onnx.write;

import java.util.List;
import org.sepconv.Quantize;

/** Writes rounding to steps: as a pair of nodes for eight bits where it is that, else in parts. */
final class QuantizeWriter {
  private QuantizeWriter() {}

  static void add(GraphBuilder proto, String name, Quantize quantize, String input) {
    int zero = -quantize.lowest();
    boolean ofBytes =
        quantize.offset() == 0
            && quantize.factor() == quantize.step()
            && quantize.highest() - quantize.lowest() == 255
            && zero >= 0
            && zero <= 255;
    if (ofBytes) {
      List<String> parameters =
          List.of(
              proto.tensor(name + ":scale", new float[] {quantize.step()}),
              proto.unsignedByte(name + ":zero", zero));
      String whole = name + ":whole";
      proto.node(
          "QuantizeLinear", List.of(input, parameters.getFirst(), parameters.getLast()), whole);
      proto.node(
          "DequantizeLinear", List.of(whole, parameters.getFirst(), parameters.getLast()), name);
      return;
    }
    String steps = part(proto, name, "Div", input, "steps", quantize.step());
    String lowest = number(proto, name + ":lowest", quantize.lowest());
    String highest = number(proto, name + ":highest", quantize.highest());
    proto.node("Clip", List.of(steps, lowest, highest), name + ":clipped");
    proto.node("Round", List.of(name + ":clipped"), name + ":rounded");
    String moved = part(proto, name, "Add", name + ":rounded", "moved", quantize.offset());
    String factor = number(proto, name + ":factor", quantize.factor());
    proto.node("Mul", List.of(moved, factor), name);
  }

  private static String part(
      GraphBuilder proto, String name, String operator, String input, String part, float number) {
    String given = name + ":" + part;
    proto.node(operator, List.of(input, number(proto, given + ":number", number)), given);
    return given;
  }

  private static String number(GraphBuilder proto, String name, float number) {
    return proto.tensor(name, new float[] {number});
  }
}

package org.sepconv.onnx;

import static org.sepconv.onnx.ModelBuilder.integer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.sepconv.onnx.proto.AttributeProto;
import org.sepconv.onnx.proto.TensorProto;

/**
 * A small network of random weights, calibrated by what it gives for some inputs, and written in
 * both forms that quantised models have. All its layers are outputs.
 */
final class QuantizedNetwork {
  /** Weights have 7 bits: with 8 the sums of some processors' instructions overflow. */
  private static final int MOST_WEIGHT = 63;

  private static final int OPSET = 13;
  private static final int SIDE = 12;

  /** How activations are rounded. */
  record Form(boolean pairs, boolean signed, boolean perChannel) {}

  /** A value's scale and zero point. */
  record Step(float scale, int zero) {}

  private record Layer(
      String operator,
      String name,
      List<String> inputs,
      int[] filter,
      boolean relu,
      List<AttributeProto> attributes) {}

  private final List<Layer> layers = new ArrayList<>();
  private final Map<String, float[]> filters = new LinkedHashMap<>();
  private final Map<String, float[]> biases = new LinkedHashMap<>();
  private final Map<String, float[]> ranges = new LinkedHashMap<>();
  private final SplittableRandom random;

  QuantizedNetwork(long seed) {
    random = new SplittableRandom(seed);
    conv("first", "x", 8, 3, 3, 1, 2, true);
    conv("depthwise", "first", 8, 1, 3, 8, 1, true);
    conv("pointwise", "depthwise", 8, 8, 1, 1, 1, false);
    layer("Add", "sum", List.of("first", "pointwise"), new int[0], false);
    conv("narrower", "sum", 8, 1, 3, 8, 2, true);
    conv("wider", "narrower", 16, 8, 1, 1, 1, true);
    layer("GlobalAveragePool", "means", List.of("wider"), new int[0], false);
    layer("Flatten", "flat", List.of("means"), new int[0], false);
    layer("MatMul", "classes", List.of("flat"), new int[] {16, 10}, false);
    calibrate();
  }

  private void conv(
      String name,
      String input,
      int outputs,
      int inputs,
      int kernel,
      int groups,
      int stride,
      boolean relu) {
    int pad = kernel / 2;
    layer(
        "Conv",
        name,
        List.of(input),
        new int[] {outputs, inputs, kernel, kernel},
        relu,
        ModelBuilder.ints("pads", pad, pad, pad, pad),
        ModelBuilder.ints("strides", stride, stride),
        integer("group", groups));
  }

  private void layer(
      String operator,
      String name,
      List<String> inputs,
      int[] filter,
      boolean relu,
      AttributeProto... attributes) {
    layers.add(new Layer(operator, name, inputs, filter, relu, List.of(attributes)));
    if (filter.length > 0) {
      int size = Arrays.stream(filter).reduce(1, (a, b) -> a * b);
      filters.put(name, values(size, 1));
      biases.put(name, operator.equals("Conv") ? values(filter[0], 0.5) : new float[0]);
    }
  }

  private float[] values(int size, double limit) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble(-limit, limit);
    }
    return values;
  }

  float[] input() {
    return values(3 * SIDE * SIDE, 1);
  }

  /** The network as it is before it is quantised. */
  private ModelBuilder real() {
    ModelBuilder model = new ModelBuilder(OPSET).input("x", 1, 3, SIDE, SIDE);
    for (Layer layer : layers) {
      String inputs = String.join(" ", layer.inputs);
      if (layer.filter.length > 0) {
        model.floats(layer.name + ":w", filters.get(layer.name), layer.filter);
        inputs += " " + layer.name + ":w";
      }
      if (layer.operator.equals("Conv")) {
        model.floats(layer.name + ":b", biases.get(layer.name), layer.filter[0]);
        inputs += " " + layer.name + ":b";
      }
      String output = layer.relu ? layer.name + ":before" : layer.name;
      model.node(layer.operator, inputs, output, attributes(layer));
      if (layer.relu) {
        model.node("Relu", output, layer.name);
      }
      model.output(layer.name);
    }
    return model;
  }

  private static AttributeProto[] attributes(Layer layer) {
    return layer.attributes.toArray(AttributeProto[]::new);
  }

  private void calibrate() {
    OnnxNetwork network = OnnxModel.read(real().bytes()).network(1, 3, SIDE, SIDE);
    ranges.put("x", new float[] {-1, 1});
    for (int i = 0; i < 4; i++) {
      List<float[]> outputs = Engines.run("cpu", network, List.of(input()));
      for (int o = 0; o < outputs.size(); o++) {
        float[] range = ranges.computeIfAbsent(layers.get(o).name, _ -> new float[2]);
        for (float value : outputs.get(o)) {
          range[0] = Math.min(range[0], value);
          range[1] = Math.max(range[1], value);
        }
      }
    }
  }

  /** The step of each output, in their order. */
  List<Step> steps(Form form) {
    return layers.stream().map(layer -> step(form, layer.name)).toList();
  }

  private Step step(Form form, String value) {
    String like = value.equals("flat") ? "means" : value;
    float[] range = ranges.get(like);
    float scale = (range[1] - range[0]) / 255;
    int zero = Math.clamp(Math.round(-range[0] / scale), 0, 255);
    return new Step(scale, form.signed ? zero - 128 : zero);
  }

  ModelBuilder model(Form form) {
    ModelBuilder model = new ModelBuilder(OPSET).input("x", 1, 3, SIDE, SIDE);
    parameters(model, form, "x");
    model.node("QuantizeLinear", "x x:scale x:zero", "x:q");
    for (Layer layer : layers) {
      parameters(model, form, layer.name);
      if (layer.filter.length > 0) {
        weights(model, form, layer);
      }
      if (layer.operator.equals("Flatten")) {
        model.node("Flatten", layer.inputs.getFirst() + ":q", layer.name + ":q");
      } else if (form.pairs) {
        pairs(model, layer);
      } else {
        whole(model, layer);
      }
      model.node("DequantizeLinear", triple(layer.name), layer.name).output(layer.name);
    }
    return model;
  }

  private static String triple(String value) {
    return "%s:q %s:scale %s:zero".formatted(value, value, value);
  }

  private void parameters(ModelBuilder model, Form form, String value) {
    Step step = step(form, value);
    TensorProto.DataType type =
        form.signed ? TensorProto.DataType.INT8 : TensorProto.DataType.UINT8;
    model.number(value + ":scale", step.scale).whole(value + ":zero", type, new int[] {step.zero});
  }

  /** Filters of 8 bits, with one scale or one for each output channel, and biases of 32. */
  private void weights(ModelBuilder model, Form form, Layer layer) {
    float[] filter = filters.get(layer.name);
    boolean matrix = layer.operator.equals("MatMul");
    int outputs = layer.filter[matrix ? 1 : 0];
    int scales = form.perChannel && !matrix ? outputs : 1;
    float[] scale = new float[scales];
    int[] whole = new int[filter.length];
    for (int i = 0; i < filter.length; i++) {
      int channel = i / (filter.length / scales);
      scale[channel] = Math.max(scale[channel], Math.abs(filter[i]) / MOST_WEIGHT);
    }
    for (int i = 0; i < filter.length; i++) {
      whole[i] = Math.round(filter[i] / scale[i / (filter.length / scales)]);
    }
    String name = layer.name + ":w";
    int[] sizes = form.perChannel && !matrix ? new int[] {scales} : new int[0];
    model
        .whole(name + ":q", TensorProto.DataType.INT8, whole, layer.filter)
        .floats(name + ":scale", scale, sizes)
        .whole(name + ":zero", TensorProto.DataType.INT8, new int[scales], sizes);
    if (matrix) {
      return;
    }
    float input = step(form, layer.inputs.getFirst()).scale;
    int[] bias = new int[outputs];
    float[] biasScale = new float[scales];
    for (int i = 0; i < outputs; i++) {
      biasScale[i % scales] = input * scale[i % scales];
      bias[i] = Math.round(biases.get(layer.name)[i] / biasScale[i % scales]);
    }
    model
        .whole(layer.name + ":b:q", TensorProto.DataType.INT32, bias, outputs)
        .floats(layer.name + ":b:scale", biasScale, sizes);
  }

  /** Operators on real numbers between DequantizeLinear and QuantizeLinear. */
  private void pairs(ModelBuilder model, Layer layer) {
    StringBuilder inputs = new StringBuilder();
    for (String input : layer.inputs) {
      String real = input + ":for:" + layer.name;
      model.node("DequantizeLinear", triple(input), real);
      inputs.append(real).append(' ');
    }
    if (layer.filter.length > 0) {
      String real = layer.name + ":w:real";
      model.node("DequantizeLinear", triple(layer.name + ":w"), real, integer("axis", 0));
      inputs.append(real).append(' ');
    }
    if (layer.operator.equals("Conv")) {
      String real = layer.name + ":b:real";
      String bias = layer.name + ":b:q " + layer.name + ":b:scale";
      model.node("DequantizeLinear", bias, real, integer("axis", 0));
      inputs.append(real);
    }
    String real = layer.name + ":real";
    model.node(layer.operator, inputs.toString().strip(), real, attributes(layer));
    if (layer.relu) {
      model.node("Relu", real, layer.name + ":relu");
      real = layer.name + ":relu";
    }
    String step = " %s:scale %s:zero".formatted(layer.name, layer.name);
    model.node("QuantizeLinear", real + step, layer.name + ":q");
  }

  /** Operators that take and give whole numbers; that they end at the zero point is their ReLU. */
  private void whole(ModelBuilder model, Layer layer) {
    String operator =
        switch (layer.operator) {
          case "Conv" -> "QLinearConv";
          case "MatMul" -> "QLinearMatMul";
          case "Add" -> "com.microsoft:QLinearAdd";
          default -> "com.microsoft:QLinear" + layer.operator;
        };
    String inputs = String.join(" ", layer.inputs.stream().map(QuantizedNetwork::triple).toList());
    if (layer.filter.length > 0) {
      inputs += " " + triple(layer.name + ":w");
    }
    inputs += " %s:scale %s:zero".formatted(layer.name, layer.name);
    if (layer.operator.equals("Conv")) {
      inputs += " " + layer.name + ":b:q";
    }
    model.node(operator, inputs, layer.name + ":q", attributes(layer));
  }
}

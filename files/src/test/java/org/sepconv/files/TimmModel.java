package org.sepconv.files;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parameters as timm's models have them, made from what timm makes its models from: descriptions of
 * stages such as {@code ir_r2_k5_s2_e6_c40_se0.25}.
 *
 * <pre>
 *   ds  depthwise, then pointwise      ir  inverted residual      cn  convolution
 *   r repeats, k kernel, s stride, e expansion, c channels, se share of squeezed channels
 * </pre>
 */
final class TimmModel {
  private static final Pattern PART = Pattern.compile("(se|[a-z])([0-9.]+)");

  private final Map<String, FloatArray> arrays = new LinkedHashMap<>();
  private int channels;
  private float next;

  /** Of a list of stages, each a list of blocks, one parameter after the other. */
  static Map<String, FloatArray> of(String name) {
    return switch (name) {
      case "mobilenet_v2" ->
          new TimmModel()
              .stem(32)
              .stages(
                  false,
                  "ds_r1_k3_s1_c16",
                  "ir_r2_k3_s2_e6_c24",
                  "ir_r3_k3_s2_e6_c32",
                  "ir_r4_k3_s2_e6_c64",
                  "ir_r3_k3_s1_e6_c96",
                  "ir_r3_k3_s2_e6_c160",
                  "ir_r1_k3_s1_e6_c320")
              .headBeforePool(1280);
      case "efficientnet_b0" ->
          new TimmModel()
              .stem(32)
              .stages(
                  false,
                  "ds_r1_k3_s1_e1_c16_se0.25",
                  "ir_r2_k3_s2_e6_c24_se0.25",
                  "ir_r2_k5_s2_e6_c40_se0.25",
                  "ir_r3_k3_s2_e6_c80_se0.25",
                  "ir_r3_k5_s1_e6_c112_se0.25",
                  "ir_r4_k5_s2_e6_c192_se0.25",
                  "ir_r1_k3_s1_e6_c320_se0.25")
              .headBeforePool(1280);
      case "mobilenet_v3_large" ->
          new TimmModel()
              .stem(16)
              .stages(
                  true,
                  "ds_r1_k3_s1_e1_c16",
                  "ir_r1_k3_s2_e4_c24 ir_r1_k3_s1_e3_c24",
                  "ir_r3_k5_s2_e3_c40_se0.25",
                  "ir_r1_k3_s2_e6_c80 ir_r1_k3_s1_e2.5_c80 ir_r2_k3_s1_e2.3_c80",
                  "ir_r2_k3_s1_e6_c112_se0.25",
                  "ir_r3_k5_s2_e6_c160_se0.25",
                  "cn_r1_k1_s1_c960")
              .headAfterPool(1280);
      case "mobilenet_v3_small" ->
          new TimmModel()
              .stem(16)
              .stages(
                  true,
                  "ds_r1_k3_s2_e1_c16_se0.25",
                  "ir_r1_k3_s2_e4.5_c24 ir_r1_k3_s1_e3.67_c24",
                  "ir_r1_k5_s2_e4_c40_se0.25 ir_r2_k5_s1_e6_c40_se0.25",
                  "ir_r2_k5_s1_e3_c48_se0.25",
                  "ir_r3_k5_s2_e6_c96_se0.25",
                  "cn_r1_k1_s1_c576")
              .headAfterPool(1024);
      case "convnext_tiny" -> new TimmModel().convNeXt(List.of(3, 3, 9, 3));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private TimmModel stem(int out) {
    convolution("conv_stem", out, 3, 3);
    norm("bn1", out);
    channels = out;
    return this;
  }

  /**
   * @param ofExpanded whether squeezed channels are a share of the expanded ones, rounded to
   *     multiples of 8, else of the block's input
   */
  private TimmModel stages(boolean ofExpanded, String... stages) {
    for (int stage = 0; stage < stages.length; stage++) {
      int block = 0;
      for (String description : stages[stage].split(" ")) {
        Map<String, Double> parts = new LinkedHashMap<>();
        Matcher matcher = PART.matcher(description.substring(2));
        while (matcher.find()) {
          parts.put(matcher.group(1), Double.valueOf(matcher.group(2)));
        }
        for (int repeat = 0; repeat < parts.get("r"); repeat++) {
          block(
              description.substring(0, 2),
              "blocks.%d.%d.".formatted(stage, block++),
              parts,
              ofExpanded);
        }
      }
    }
    return this;
  }

  private void block(String kind, String name, Map<String, Double> parts, boolean ofExpanded) {
    int out = parts.get("c").intValue();
    int kernel = parts.get("k").intValue();
    if (kind.equals("cn")) {
      convolution(name + "conv", out, channels, kernel);
      norm(name + "bn1", out);
      channels = out;
      return;
    }
    boolean expands = kind.equals("ir");
    int expanded = expands ? rounded(channels * parts.get("e")) : channels;
    int norms = 0;
    if (expands) {
      convolution(name + "conv_pw", expanded, channels, 1);
      norm(name + "bn" + ++norms, expanded);
    }
    convolution(name + "conv_dw", expanded, 1, kernel);
    norm(name + "bn" + ++norms, expanded);
    if (parts.containsKey("se")) {
      double share = parts.get("se");
      int squeezed = ofExpanded ? rounded(expanded * share) : (int) Math.round(channels * share);
      convolution(name + "se.conv_reduce", squeezed, expanded, 1);
      add(name + "se.conv_reduce.bias", squeezed);
      convolution(name + "se.conv_expand", expanded, squeezed, 1);
      add(name + "se.conv_expand.bias", expanded);
    }
    convolution(name + (expands ? "conv_pwl" : "conv_pw"), out, expanded, 1);
    norm(name + "bn" + ++norms, out);
    channels = out;
  }

  /** To the nearest multiple of 8 that takes away no more than a tenth. */
  private static int rounded(double channels) {
    int nearest = Math.max(8, (int) (channels + 4) / 8 * 8);
    return nearest < 0.9 * channels ? nearest + 8 : nearest;
  }

  private Map<String, FloatArray> headBeforePool(int features) {
    convolution("conv_head", features, channels, 1);
    norm("bn2", features);
    return classifier("classifier", features);
  }

  private Map<String, FloatArray> headAfterPool(int features) {
    convolution("conv_head", features, channels, 1);
    add("conv_head.bias", features);
    return classifier("classifier", features);
  }

  private Map<String, FloatArray> convNeXt(List<Integer> blocks) {
    channels = 96;
    convolution("stem.0", channels, 3, 4);
    add("stem.0.bias", channels);
    layerNorm("stem.1");
    for (int stage = 0; stage < blocks.size(); stage++) {
      if (stage > 0) {
        layerNorm("stages." + stage + ".downsample.0");
        convolution("stages." + stage + ".downsample.1", 2 * channels, channels, 2);
        channels *= 2;
        add("stages." + stage + ".downsample.1.bias", channels);
      }
      for (int block = 0; block < blocks.get(stage); block++) {
        String name = "stages.%d.blocks.%d.".formatted(stage, block);
        add(name + "gamma", channels);
        convolution(name + "conv_dw", channels, 1, 7);
        add(name + "conv_dw.bias", channels);
        layerNorm(name + "norm");
        add(name + "mlp.fc1.weight", 4 * channels, channels);
        add(name + "mlp.fc1.bias", 4 * channels);
        add(name + "mlp.fc2.weight", channels, 4 * channels);
        add(name + "mlp.fc2.bias", channels);
      }
    }
    layerNorm("head.norm");
    return classifier("head.fc", channels);
  }

  private Map<String, FloatArray> classifier(String name, int features) {
    add(name + ".weight", 1000, features);
    add(name + ".bias", 1000);
    return arrays;
  }

  private void convolution(String name, int out, int in, int kernel) {
    add(name + ".weight", out, in, kernel, kernel);
  }

  private void layerNorm(String name) {
    add(name + ".weight", channels);
    add(name + ".bias", channels);
  }

  private void norm(String name, int size) {
    add(name + ".weight", size);
    add(name + ".bias", size);
    add(name + ".running_mean", size);
    add(name + ".running_var", size);
  }

  /** All values of an array are its number: no two arrays are alike. */
  private void add(String name, int... shape) {
    int count = 1;
    for (int size : shape) {
      count *= size;
    }
    float[] values = new float[count];
    java.util.Arrays.fill(values, ++next);
    arrays.put(name, FloatArray.of(name, values, shape));
  }
}

package org.sepconv.files;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sepconv.BatchNormalization;
import org.sepconv.Conv2d;
import org.sepconv.Graph;

/**
 * What timm, "PyTorch Image Models", calls the layers of our networks, which have torchvision's
 * names.
 *
 * <pre>
 *   features.0.0, features.0.1          conv_stem, bn1
 *   block features.N or features.S.R    blocks.S.R
 *     pointwise before the depthwise      conv_pw
 *     depthwise                           conv_dw
 *     fc1, fc2                            se.conv_reduce, se.conv_expand
 *     pointwise after the depthwise       conv_pwl, or conv_pw where none is before
 *     batch norms                         bn1, bn2, bn3, in their order
 *   the last features                   conv_head, bn2; of MobileNetV3 blocks.S.0.conv, .bn1
 *   dense layers                        classifier; of MobileNetV3 conv_head, classifier
 *
 *   ConvNeXt: stem.0, stem.1, stages.S.downsample.0 and .1, stages.S.blocks.B.conv_dw, .norm,
 *             .mlp.fc1, .mlp.fc2, .gamma, head.norm, head.fc
 * </pre>
 */
final class TimmNames {
  /** What timm gives batch norms, MobileNetV3's too, where torchvision has 0.001. */
  static final double EPSILON = 1e-5;

  private static final String STEM = "conv_stem.weight";
  private static final String CONVNEXT_STEM = "stem.0.weight";
  private static final String CONVNEXT = "convnext_tiny";

  /** Blocks of each stage. EfficientNet's are numbered by stages in torchvision too. */
  private static final Map<String, List<Integer>> STAGES =
      Map.of(
          "mobilenet_v2", List.of(1, 2, 3, 4, 3, 3, 1),
          "mobilenet_v3_large", List.of(1, 2, 3, 4, 2, 3),
          "mobilenet_v3_small", List.of(1, 2, 3, 2, 3),
          "efficientnet_b0", List.of(1, 2, 2, 3, 3, 4, 1));

  private static final Set<String> HEAD_AFTER_POOL =
      Set.of("mobilenet_v3_large", "mobilenet_v3_small");

  /** A part of a path that begins as timm's models of TensorFlow's weights do. */
  private static final Pattern OF_TENSORFLOW = Pattern.compile("(^|[/\\\\])tf_");

  private static final Pattern BLOCK = Pattern.compile("features\\.(\\d+)(?:\\.(\\d+))?\\..*");

  private final Map<String, String> layers = new HashMap<>();

  private TimmNames() {}

  /**
   * The names, if a file has them and timm has such a network.
   *
   * @param source of the file, whose name may tell that it is of a model for TensorFlow's padding:
   *     its layers are called as those of others
   * @throws IllegalArgumentException if it is one
   */
  static Optional<TimmNames> of(String source, Set<String> parameters, Graph graph) {
    TimmNames names = new TimmNames();
    if (graph.name().equals(CONVNEXT) && parameters.contains(CONVNEXT_STEM)) {
      names.addConvNeXt(graph);
    } else if (STAGES.containsKey(graph.name()) && parameters.contains(STEM)) {
      names.addBlocks(graph);
    } else {
      return Optional.empty();
    }
    if (OF_TENSORFLOW.matcher(source).find()) {
      throw new IllegalArgumentException(
          "%s is of a model of timm with TensorFlow's padding, which %s has not: take the model without tf_ in its name"
              .formatted(source, graph.name()));
    }
    return Optional.of(names);
  }

  /** What timm calls a parameter: {@code features.0.0.weight} is {@code conv_stem.weight}. */
  String of(String parameter) {
    if (layers.containsKey(parameter)) {
      return layers.get(parameter); // a constant of the graph
    }
    int dot = parameter.lastIndexOf('.');
    return layer(parameter.substring(0, Math.max(0, dot))) + parameter.substring(Math.max(0, dot));
  }

  /** What timm calls a layer. */
  String layer(String layer) {
    return layers.getOrDefault(layer, layer);
  }

  private void addBlocks(Graph graph) {
    String name = graph.name();
    Block block = new Block("", "");
    int last = lastFeature(graph);
    for (Graph.Node node : graph.nodes()) {
      Matcher matcher = BLOCK.matcher(node.name());
      if (!matcher.matches()) {
        continue;
      }
      int number = Integer.parseInt(matcher.group(1));
      boolean nested = name.equals("efficientnet_b0") && number != 0 && number != last;
      String ours = "features." + number + (nested ? "." + matcher.group(2) : "");
      if (!block.ours.equals(ours)) {
        block = new Block(ours, number == 0 || number == last ? "" : theirs(name, ours));
      }
      if (number == 0) {
        put(node, "conv_stem", "bn1");
      } else if (number == last && HEAD_AFTER_POOL.contains(name)) {
        String stage = "blocks." + stages(name).size() + ".0.";
        put(node, stage + "conv", stage + "bn1");
      } else if (number == last) {
        put(node, "conv_head", "bn2");
      } else {
        block.add(node);
      }
    }
    layers.put("classifier.0", "conv_head");
    layers.put("classifier.1", "classifier");
    layers.put("classifier.3", "classifier");
  }

  private static int lastFeature(Graph graph) {
    return graph.nodes().stream()
        .map(node -> BLOCK.matcher(node.name()))
        .filter(Matcher::matches)
        .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
        .max()
        .orElse(0);
  }

  private static List<Integer> stages(String network) {
    return Objects.requireNonNull(STAGES.get(network), network);
  }

  /** {@code features.5} is the fifth block, counted through all stages. */
  private static String theirs(String network, String block) {
    String[] numbers = block.substring("features.".length()).split("\\.");
    int number = Integer.parseInt(numbers[0]) - 1;
    if (numbers.length == 2) {
      return "blocks.%d.%s.".formatted(number, numbers[1]);
    }
    int stage = 0;
    for (int blocks : stages(network)) {
      if (number < blocks) {
        break;
      }
      number -= blocks;
      stage++;
    }
    return "blocks.%d.%d.".formatted(stage, number);
  }

  private void put(Graph.Node node, String convolution, String norm) {
    if (node.operation() instanceof Conv2d) {
      layers.put(node.name(), convolution);
    } else if (node.operation() instanceof BatchNormalization) {
      layers.put(node.name(), norm);
    }
  }

  /** The layers of a block, in their order. */
  private final class Block {
    private final String ours;
    private final String theirs;
    private int norms;
    private boolean expanded;
    private boolean depthwise;

    Block(String ours, String theirs) {
      this.ours = ours;
      this.theirs = theirs;
    }

    void add(Graph.Node node) {
      if (node.operation() instanceof BatchNormalization) {
        layers.put(node.name(), theirs + "bn" + ++norms);
      } else if (node.operation() instanceof Conv2d conv) {
        layers.put(node.name(), theirs + called(node.name(), conv));
      }
    }

    private String called(String node, Conv2d conv) {
      if (node.endsWith(".fc1")) {
        return "se.conv_reduce";
      }
      if (node.endsWith(".fc2")) {
        return "se.conv_expand";
      }
      if (conv.groups() > 1) {
        depthwise = true;
        return "conv_dw";
      }
      if (depthwise) {
        return expanded ? "conv_pwl" : "conv_pw";
      }
      expanded = true;
      return "conv_pw";
    }
  }

  private void addConvNeXt(Graph graph) {
    layers.put("classifier.0", "head.norm");
    layers.put("classifier.2", "head.fc");
    for (Graph.Constant constant : graph.constants()) {
      if (constant.name().endsWith(".layer_scale")) {
        String[] parts = constant.name().split("\\.");
        int stage = Integer.parseInt(parts[1]) / 2;
        String ours = "features.%s.%s.".formatted(parts[1], parts[2]);
        String theirs = "stages.%d.blocks.%s.".formatted(stage, parts[2]);
        layers.put(constant.name(), theirs + "gamma");
        layers.put(ours + "block.0", theirs + "conv_dw");
        layers.put(ours + "block.2", theirs + "norm");
        layers.put(ours + "block.3", theirs + "mlp.fc1");
        layers.put(ours + "block.5", theirs + "mlp.fc2");
        layers.put("features.%d.0".formatted(2 * stage), "stages.%d.downsample.0".formatted(stage));
        layers.put("features.%d.1".formatted(2 * stage), "stages.%d.downsample.1".formatted(stage));
      }
    }
    layers.put("features.0.0", "stem.0"); // instead of a downsampling of the first stage
    layers.put("features.0.1", "stem.1");
  }
}

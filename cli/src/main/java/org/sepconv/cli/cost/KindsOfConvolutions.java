package org.sepconv.cli.cost;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Graph;
import org.sepconv.KernelKind;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.SeparableConv2d;
import org.sepconv.TensorSpec;
import org.sepconv.cost.Cost;

/** Sums up the convolutions of a network by what they are. */
final class KindsOfConvolutions {
  private static final String SQUEEZE_EXCITE = "squeeze-excite";
  private static final String CLASSIFIER = "classifier";

  /** In the order in which they are printed. */
  private static final List<String> ORDER =
      List.of("pointwise", "depthwise", "standard", "grouped", SQUEEZE_EXCITE, CLASSIFIER);

  private final Graph network;

  /** What is made of means of all pixels alone, as far as the steps have come. */
  private final Set<String> pooled = new HashSet<>();

  private final Map<String, Cost> sums = new LinkedHashMap<>();
  private final Map<String, Integer> counts = new LinkedHashMap<>();

  private KindsOfConvolutions(Graph network) {
    this.network = network;
    network.constants().forEach(constant -> pooled.add(constant.name()));
  }

  static List<NetworkCost.Kind> of(Graph network, List<Graph.Step> steps) {
    return new KindsOfConvolutions(network).kinds(steps);
  }

  private List<NetworkCost.Kind> kinds(List<Graph.Step> steps) {
    int lastPool = -1;
    for (int i = 0; i < steps.size(); i++) {
      Graph.Node node = steps.get(i).node();
      if (isPool(node)) {
        lastPool = i;
      }
      if (isPool(node) || pooled.containsAll(node.inputs())) {
        pooled.add(node.name());
      }
    }
    boolean classifies = pooled.containsAll(network.outputs());
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).node().operation() instanceof Convolution convolution) {
        boolean dense = pooled.contains(steps.get(i).node().name());
        String behindPool = classifies && i > lastPool ? CLASSIFIER : SQUEEZE_EXCITE;
        TensorSpec source = steps.get(i).problem().source();
        for (Conv2d conv : stages(convolution)) {
          Problem stage = Problem.of(conv, source);
          String kind = dense ? behindPool : kindOf(conv, convolution);
          sums.merge(kind, Cost.of(stage), Cost::plus);
          counts.merge(kind, 1, Integer::sum);
          source = stage.destination();
        }
      }
    }
    List<NetworkCost.Kind> kinds = new ArrayList<>();
    for (String kind : ORDER) {
      if (counts.containsKey(kind)) {
        kinds.add(
            new NetworkCost.Kind(
                kind, counts.get(kind), CostEntry.of(Objects.requireNonNull(sums.get(kind)))));
      }
    }
    return List.copyOf(kinds);
  }

  private static boolean isPool(Graph.Node node) {
    return node.operation() instanceof Reduce reduce && reduce.ofPixels();
  }

  private static List<Conv2d> stages(Convolution convolution) {
    return switch (convolution) {
      case Conv2d conv -> List.of(conv);
      case SeparableConv2d separable -> List.of(separable.depthwise(), separable.pointwise());
    };
  }

  /** A depthwise stage of one channel has one group, so its own kind does not say depthwise. */
  private static String kindOf(Conv2d conv, Convolution whole) {
    KernelKind kind =
        whole instanceof SeparableConv2d separable && conv == separable.depthwise()
            ? KernelKind.DEPTHWISE
            : conv.kind();
    return kind.name().toLowerCase(Locale.ROOT);
  }
}

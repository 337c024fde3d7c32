package org.sepconv.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.sepconv.BatchNorm;
import org.sepconv.BatchNormalization;
import org.sepconv.ConstantWeights;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Operation;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.Weights;

/**
 * The parameters of a network by their names, as PyTorch's {@code state_dict()} has them, and the
 * {@link GraphWeights} that they are.
 *
 * <pre>
 *   node L, a convolution            L.weight  O x C/groups x KH x KW    L.bias  O
 *     dense on one pixel             also      O x C
 *     of one row                     also      O x C/groups x KW
 *   node L, a separable convolution  L.depthwise.weight, L.depthwise.bias, L.pointwise.weight, ...
 *   node L, a batch norm             L.weight, L.bias, L.running_mean, L.running_var  C
 *   constant K                       K         its values in its shape, sizes of 1 left out or added
 * </pre>
 *
 * <p>Two numbers that PyTorch keeps in code stand beside the file: the epsilon of batch norms, and
 * that of layer norms, a constant called {@code epsilon}.
 *
 * @param source where it comes from, for messages
 * @param arrays by the names of parameters
 */
public record StateDict(String source, Map<String, FloatArray> arrays) {
  private static final String EPSILON = "epsilon";

  public StateDict {
    arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
  }

  /**
   * Reads a file by its ending, {@code .safetensors} or {@code .npz}.
   *
   * @throws IllegalArgumentException if it is of another kind, or not what it is called
   * @throws IOException if it cannot be read
   */
  public static StateDict read(Path path) throws IOException {
    return new StateDict(
        path.toString(),
        switch (ending(path)) {
          case "safetensors" -> SafetensorsFile.read(path);
          case "npz" -> NpzFile.read(path);
          case "pt", "pth", "bin" ->
              throw new IllegalArgumentException(
                  "%s is a pickle of PyTorch, which only Python can read; convert it: from safetensors.torch import save_file; save_file(torch.load('%s'), 'weights.safetensors')"
                      .formatted(path, path));
          default -> throw unknown(path);
        });
  }

  /**
   * Writes a file by its ending, {@code .safetensors} or {@code .npz}, whole or not at all.
   *
   * @throws IllegalArgumentException if it has another ending
   * @throws IOException if it cannot be written
   */
  public void write(Path path) throws IOException {
    switch (ending(path)) {
      case "safetensors" -> SafetensorsFile.write(path, arrays);
      case "npz" -> NpzFile.write(path, arrays);
      default -> throw unknown(path);
    }
  }

  private static String ending(Path path) {
    String name = path.toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static IllegalArgumentException unknown(Path path) {
    return new IllegalArgumentException(
        "weights are kept in .safetensors or .npz files, not in " + path);
  }

  /** All parameters of a graph. */
  public static StateDict of(Graph graph, GraphWeights weights) {
    Map<String, FloatArray> arrays = new LinkedHashMap<>();
    for (Graph.Constant constant : graph.constants()) {
      Shape shape = constant.shape();
      put(
          arrays,
          constant.name(),
          weights.of(constant),
          shape.n(),
          shape.c(),
          shape.h(),
          shape.w());
    }
    for (Graph.Node node : graph.nodes()) {
      put(arrays, node.name(), node.operation(), weights.of(node));
    }
    return new StateDict(graph.name(), arrays);
  }

  private static void put(
      Map<String, FloatArray> arrays, String layer, Operation operation, Weights weights) {
    if (operation instanceof SeparableConv2d(Conv2d depthwise, Conv2d pointwise)) {
      SeparableWeights both = (SeparableWeights) weights;
      put(arrays, layer + ".depthwise", depthwise, both.depthwise());
      put(arrays, layer + ".pointwise", pointwise, both.pointwise());
    } else if (operation instanceof Conv2d conv) {
      ConvWeights of = (ConvWeights) weights;
      put(
          arrays,
          layer + ".weight",
          of.filter(),
          conv.outChannels(),
          conv.channelsPerGroup(),
          conv.kernelH(),
          conv.kernelW());
      of.bias().ifPresent(bias -> put(arrays, layer + ".bias", bias, bias.length));
    } else if (operation instanceof BatchNormalization && weights instanceof BatchNorm norm) {
      put(arrays, layer + ".weight", norm.gamma(), norm.gamma().length);
      put(arrays, layer + ".bias", norm.beta(), norm.beta().length);
      put(arrays, layer + ".running_mean", norm.mean(), norm.mean().length);
      put(arrays, layer + ".running_var", norm.variance(), norm.variance().length);
    }
  }

  private static void put(
      Map<String, FloatArray> arrays, String name, float[] values, int... shape) {
    arrays.put(name, FloatArray.of(name, values, shape));
  }

  /**
   * The weights of a graph.
   *
   * @param epsilon of its norms
   * @throws IllegalArgumentException naming every parameter that is missing, that the graph has
   *     not, or that has another shape
   */
  public GraphWeights weights(Graph graph, double epsilon) {
    Search search = new Search(epsilon);
    Map<String, Weights> weights = new HashMap<>();
    for (Graph.Constant constant : graph.constants()) {
      weights.put(constant.name(), search.constant(constant));
    }
    for (Graph.Node node : graph.nodes()) {
      weights.put(node.name(), search.of(node.name(), node.operation()));
    }
    search.check(graph);
    return new GraphWeights(weights);
  }

  /** Takes arrays, and remembers what it misses. */
  private final class Search {
    private final double epsilon;
    private final Set<String> left = new TreeSet<>(arrays.keySet());
    private final List<String> missing = new ArrayList<>();
    private final List<String> misshapen = new ArrayList<>();

    Search(double epsilon) {
      this.epsilon = epsilon;
    }

    Weights constant(Graph.Constant constant) {
      Shape shape = constant.shape();
      if (constant.name().equals(EPSILON) && !arrays.containsKey(EPSILON)) {
        float[] same = new float[shape.elements()];
        Arrays.fill(same, (float) epsilon);
        return new ConstantWeights(same);
      }
      return new ConstantWeights(
          take(constant.name(), List.of(shape.n(), shape.c(), shape.h(), shape.w())));
    }

    Weights of(String layer, Operation operation) {
      if (operation instanceof SeparableConv2d(Conv2d depthwise, Conv2d pointwise)) {
        return new SeparableWeights(
            of(layer + ".depthwise", depthwise), of(layer + ".pointwise", pointwise));
      }
      if (operation instanceof Conv2d conv) {
        return of(layer, conv);
      }
      if (operation instanceof BatchNormalization(int channels)) {
        float[] variance = take(layer + ".running_var", List.of(channels));
        try {
          return new BatchNorm(
              take(layer + ".weight", List.of(channels)),
              take(layer + ".bias", List.of(channels)),
              take(layer + ".running_mean", List.of(channels)),
              variance,
              epsilon);
        } catch (IllegalArgumentException wrong) {
          misshapen.add(layer + ": " + wrong.getMessage());
          return Weights.none();
        }
      }
      return Weights.none();
    }

    private ConvWeights of(String layer, Conv2d conv) {
      float[] filter =
          take(
              layer + ".weight",
              List.of(conv.outChannels(), conv.channelsPerGroup(), conv.kernelH(), conv.kernelW()));
      return conv.bias()
          ? ConvWeights.of(filter, take(layer + ".bias", List.of(conv.outChannels())))
          : ConvWeights.of(filter);
    }

    private float[] take(String name, List<Integer> due) {
      left.remove(name);
      FloatArray array = arrays.get(name);
      if (array == null) {
        missing.add(name);
      } else if (!withoutOnes(array.shape()).equals(withoutOnes(due))) {
        misshapen.add(
            "%s is %s and must be %s"
                .formatted(name, FloatArray.python(array.shape()), FloatArray.python(due)));
      } else {
        return array.values();
      }
      return new float[due.stream().reduce(1, (a, b) -> a * b)];
    }

    private static List<Integer> withoutOnes(List<Integer> shape) {
      return shape.stream().filter(size -> size != 1).toList();
    }

    void check(Graph graph) {
      List<String> faults = new ArrayList<>();
      add(faults, "it lacks", missing);
      add(faults, "has besides", new ArrayList<>(left));
      add(faults, "of another shape", misshapen);
      if (!faults.isEmpty()) {
        throw new IllegalArgumentException(
            "%s does not fit %s: %s".formatted(source, graph.name(), String.join("; ", faults)));
      }
    }

    private static void add(List<String> faults, String what, List<String> names) {
      if (!names.isEmpty()) {
        faults.add("%s (%d): %s".formatted(what, names.size(), String.join(", ", names)));
      }
    }
  }
}

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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.sepconv.BatchNorm;
import org.sepconv.BatchNormalization;
import org.sepconv.ConstantWeights;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Elementwise;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Pool2d;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.ResizeLinear;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.TransposedConv2d;
import org.sepconv.Weights;

/**
 * The parameters of a network by their names, as PyTorch's {@code state_dict()} has them, and the
 * {@link GraphWeights} that they are.
 *
 * <pre>
 *   node L, a convolution            L.weight  O x C/groups x KH x KW    L.bias  O
 *     dense on one pixel             also      O x C
 *     of one row                     also      O x C/groups x KW
 *   node L, a transposed convolution L.weight  C x O/groups x KH x KW    L.bias  O
 *   node L, a separable convolution  L.depthwise.weight, L.depthwise.bias, L.pointwise.weight, ...
 *   node L, a batch norm             L.weight, L.bias, L.running_mean, L.running_var  C
 *   node L, a graph                  L. before the names of its own
 *   constant K                       K         its values in its shape, sizes of 1 left out or added
 * </pre>
 *
 * <p>Those are torchvision's names, where the graph has them. Files of timm's models are read too:
 * {@code conv_stem.weight} for {@code features.0.0.weight}, and so on, for MobileNetV2, V3,
 * EfficientNet-B0 and ConvNeXt-T.
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
    put(arrays, "", graph, weights);
    return new StateDict(graph.name(), arrays);
  }

  private static void put(
      Map<String, FloatArray> arrays, String prefix, Graph graph, GraphWeights weights) {
    for (Graph.Constant constant : graph.constants()) {
      Shape shape = constant.shape();
      put(
          arrays,
          prefix + constant.name(),
          weights.of(constant),
          shape.n(),
          shape.c(),
          shape.h(),
          shape.w());
    }
    for (Graph.Node node : graph.nodes()) {
      put(arrays, prefix + node.name(), node.operation(), weights.of(node));
    }
  }

  private static void put(
      Map<String, FloatArray> arrays, String layer, Operation operation, Weights weights) {
    switch (operation) {
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) -> {
        SeparableWeights both = (SeparableWeights) weights;
        put(arrays, layer + ".depthwise", depthwise, both.depthwise());
        put(arrays, layer + ".pointwise", pointwise, both.pointwise());
      }
      case Conv2d conv -> put(arrays, layer, (ConvWeights) weights, filterShape(conv));
      case TransposedConv2d conv -> put(arrays, layer, (ConvWeights) weights, filterShape(conv));
      case BatchNormalization _ -> {
        BatchNorm norm = (BatchNorm) weights;
        put(arrays, layer + ".weight", norm.gamma(), norm.gamma().length);
        put(arrays, layer + ".bias", norm.beta(), norm.beta().length);
        put(arrays, layer + ".running_mean", norm.mean(), norm.mean().length);
        put(arrays, layer + ".running_var", norm.variance(), norm.variance().length);
      }
      case Graph graph -> put(arrays, layer + ".", graph, (GraphWeights) weights);
      case Elementwise _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          Reduce _,
          ResizeLinear _,
          Softmax _ -> {}
    }
  }

  private static void put(
      Map<String, FloatArray> arrays, String layer, ConvWeights weights, int[] filterShape) {
    put(arrays, layer + ".weight", weights.filter(), filterShape);
    weights.bias().ifPresent(bias -> put(arrays, layer + ".bias", bias, bias.length));
  }

  private static int[] filterShape(Conv2d conv) {
    return new int[] {conv.outChannels(), conv.channelsPerGroup(), conv.kernelH(), conv.kernelW()};
  }

  private static int[] filterShape(TransposedConv2d conv) {
    return new int[] {conv.inChannels(), conv.outputsPerGroup(), conv.kernelH(), conv.kernelW()};
  }

  private static void put(
      Map<String, FloatArray> arrays, String name, float[] values, int... shape) {
    arrays.put(name, FloatArray.of(name, values, shape));
  }

  /**
   * The weights of a graph.
   *
   * @param epsilon of its norms; batch norms with timm's names have timm's, 1e-5
   * @throws IllegalArgumentException naming every parameter that is missing, that the graph has
   *     not, or that has another shape; or if it is of a model of timm with TensorFlow's padding
   */
  public GraphWeights weights(Graph graph, double epsilon) {
    Optional<TimmNames> timm = TimmNames.of(source, arrays.keySet(), graph);
    Search search = new Search(timm, epsilon);
    GraphWeights weights = search.of("", graph);
    search.check(graph);
    return weights;
  }

  /** Takes arrays, and remembers what it misses. */
  private final class Search {
    private final Optional<TimmNames> timm;
    private final double epsilon;
    private final Set<String> left = new TreeSet<>(arrays.keySet());
    private final List<String> missing = new ArrayList<>();
    private final List<String> misshapen = new ArrayList<>();

    Search(Optional<TimmNames> timm, double epsilon) {
      this.timm = timm;
      this.epsilon = epsilon;
    }

    GraphWeights of(String prefix, Graph graph) {
      Map<String, Weights> weights = new HashMap<>();
      for (Graph.Constant constant : graph.constants()) {
        weights.put(constant.name(), of(prefix + constant.name(), constant));
      }
      for (Graph.Node node : graph.nodes()) {
        weights.put(node.name(), of(prefix + node.name(), node.operation()));
      }
      return new GraphWeights(weights);
    }

    private Weights of(String name, Graph.Constant constant) {
      Shape shape = constant.shape();
      if (constant.name().equals(EPSILON) && !arrays.containsKey(name)) {
        float[] same = new float[shape.elements()];
        Arrays.fill(same, (float) epsilon);
        return new ConstantWeights(same);
      }
      return new ConstantWeights(take(name, shape.n(), shape.c(), shape.h(), shape.w()));
    }

    private Weights of(String layer, Operation operation) {
      return switch (operation) {
        case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) ->
            new SeparableWeights(
                convolution(layer + ".depthwise", depthwise),
                convolution(layer + ".pointwise", pointwise));
        case Conv2d conv -> convolution(layer, conv);
        case TransposedConv2d conv ->
            convolution(layer, filterShape(conv), conv.bias(), conv.outChannels());
        case BatchNormalization(int channels) -> norm(layer, channels);
        case Graph graph -> of(layer + ".", graph);
        case Elementwise _,
            MatrixProduct _,
            Pool2d _,
            Rearrangement _,
            Reduce _,
            ResizeLinear _,
            Softmax _ ->
            Weights.none();
      };
    }

    private Weights norm(String layer, int channels) {
      float[] variance = take(layer + ".running_var", channels);
      try {
        return new BatchNorm(
            take(layer + ".weight", channels),
            take(layer + ".bias", channels),
            take(layer + ".running_mean", channels),
            variance,
            timm.isPresent() ? TimmNames.EPSILON : epsilon);
      } catch (IllegalArgumentException wrong) {
        misshapen.add(
            timm.map(names -> names.layer(layer)).orElse(layer) + ": " + wrong.getMessage());
        return Weights.none();
      }
    }

    private ConvWeights convolution(String layer, Conv2d conv) {
      return convolution(layer, filterShape(conv), conv.bias(), conv.outChannels());
    }

    private ConvWeights convolution(
        String layer, int[] filterShape, boolean bias, int outChannels) {
      float[] filter = take(layer + ".weight", filterShape);
      return bias
          ? ConvWeights.of(filter, take(layer + ".bias", outChannels))
          : ConvWeights.of(filter);
    }

    private float[] take(String name, int... due) {
      return take(name, Arrays.stream(due).boxed().toList());
    }

    private float[] take(String parameter, List<Integer> due) {
      String name = timm.map(names -> names.of(parameter)).orElse(parameter);
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

package org.sepconv.examples.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.util.Pair;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sepconv.Activate;
import org.sepconv.BatchNormalization;
import org.sepconv.Graph;
import org.sepconv.Padding;
import org.sepconv.Reduce;
import org.sepconv.files.FloatArray;
import org.sepconv.files.StateDict;

/**
 * A small depthwise-separable network twice: as DJL trains it, and as Sepconv runs it. Layers have
 * the same names in both.
 *
 * <pre>
 *   stem         3x3, stride 2,   1 ->  8    each convolution without a bias,
 *   block1       separable,       8 -> 16    then its batch norm, then ReLU
 *   block2       separable, /2,  16 -> 32
 *   block3       separable,      32 -> 32
 *   pool         the mean of each channel
 *   classifier   32 -> {@value DrawnShapes#CLASSES}
 * </pre>
 */
final class ShapesNetwork {
  /** Of batch norms, in both. */
  static final float EPSILON = 1e-5f;

  /** What DJL calls the parameters of a batch norm, and what PyTorch and Sepconv call them. */
  private static final Map<String, String> NORM_NAMES =
      Map.of(
          "gamma", "weight",
          "beta", "bias",
          "runningMean", "running_mean",
          "runningVar", "running_var");

  private ShapesNetwork() {}

  /** For DJL: its layers in their order, by their names. */
  static Map<String, Block> layers() {
    Map<String, Block> layers = new LinkedHashMap<>();
    convolution(layers, "stem", 3, 2, 1, 8);
    separable(layers, "block1", 1, 8, 16);
    separable(layers, "block2", 2, 16, 32);
    separable(layers, "block3", 1, 32, 32);
    layers.put("pool", Pool.globalAvgPool2dBlock());
    layers.put("classifier", Linear.builder().setUnits(DrawnShapes.CLASSES).build());
    return layers;
  }

  private static void separable(
      Map<String, Block> layers, String name, int stride, int in, int out) {
    convolution(layers, name + ".depthwise", 3, stride, in, in);
    convolution(layers, name + ".pointwise", 1, 1, 1, out);
  }

  private static void convolution(
      Map<String, Block> layers, String name, int kernel, int stride, int groups, int out) {
    layers.put(
        name,
        Conv2d.builder()
            .setFilters(out)
            .setKernelShape(new Shape(kernel, kernel))
            .optStride(new Shape(stride, stride))
            .optPadding(new Shape(kernel / 2, kernel / 2))
            .optGroups(groups)
            .optBias(false)
            .build());
    layers.put(name + ".norm", BatchNorm.builder().optEpsilon(EPSILON).build());
    layers.put(name + ".relu", Activation.reluBlock());
  }

  /** For DJL's trainer: the layers as one block. */
  static Block block(Map<String, Block> layers) {
    return new SequentialBlock().addAll(layers.values().toArray(Block[]::new));
  }

  /** For Sepconv: the same. */
  static Graph graph() {
    Graph.Builder graph = Graph.builder("shapes");
    graph.input("picture", org.sepconv.Shape.of(1, DrawnShapes.SIZE, DrawnShapes.SIZE));
    convolution(graph, "stem", 3, 2, 1, 1, 8);
    separable(graph, "block1", 1, 8, 16);
    separable(graph, "block2", 2, 16, 32);
    separable(graph, "block3", 1, 32, 32);
    graph.add("pool", Reduce.globalAveragePool());
    graph.add("classifier", org.sepconv.Conv2d.pointwise(32, DrawnShapes.CLASSES).bias().build());
    return graph.build();
  }

  private static void separable(Graph.Builder graph, String name, int stride, int in, int out) {
    convolution(graph, name + ".depthwise", 3, stride, in, in, in);
    convolution(graph, name + ".pointwise", 1, 1, 1, in, out);
  }

  private static void convolution(
      Graph.Builder graph, String name, int kernel, int stride, int groups, int in, int out) {
    graph.add(
        name,
        org.sepconv.Conv2d.of(in, out)
            .kernel(kernel)
            .stride(stride)
            .padding(Padding.of(kernel / 2))
            .groups(groups)
            .build());
    graph.add(name + ".norm", new BatchNormalization(out));
    graph.add(name + ".relu", new Activate(org.sepconv.Activation.RELU));
  }

  /** What DJL's layers have learned, by the names that {@link StateDict} looks for. */
  static StateDict learned(Map<String, Block> layers) {
    Map<String, FloatArray> arrays = new LinkedHashMap<>();
    layers.forEach(
        (layer, block) -> {
          for (Pair<String, Parameter> parameter : block.getParameters()) {
            String name = NORM_NAMES.getOrDefault(parameter.getKey(), parameter.getKey());
            arrays.put(layer + "." + name, array(layer + "." + name, parameter.getValue()));
          }
        });
    return new StateDict("what was trained", arrays);
  }

  private static FloatArray array(String name, Parameter parameter) {
    NDArray array = parameter.getArray();
    int[] shape = Arrays.stream(array.getShape().getShape()).mapToInt(Math::toIntExact).toArray();
    return FloatArray.of(name, array.toFloatArray(), shape);
  }
}

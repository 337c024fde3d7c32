package org.sepconv.examples.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.files.FloatArray;
import org.sepconv.files.StateDict;
import org.sepconv.graph.pass.Program;
import org.sepconv.session.InferenceSession;
import org.sepconv.spi.ConvBackend;

/**
 * A depthwise-separable convolution as a block of DJL that Sepconv computes: N x C x H x W in and
 * out, float32, for prediction only. It stands between DJL's own blocks in a {@code
 * SequentialBlock}, and any number of predictors may run it at once.
 *
 * <p>Its parameters are {@code depthwise.weight}, {@code depthwise.bias}, {@code pointwise.weight}
 * and {@code pointwise.bias}, those that the convolution has: {@code Model.load} finds them in
 * DJL's files, {@link #load} in a {@link StateDict}. They are packed when the block first runs, and
 * again where a parameter has got another array; a change within an array is not seen. They are not
 * to be loaded while it runs.
 */
public final class SeparableBlock extends AbstractBlock implements AutoCloseable {
  private static final byte VERSION = 1;

  private final SeparableConv2d conv;
  private final ConvBackend backend;
  private Optional<Packed> packed = Optional.empty();

  /**
   * @param parameters the arrays that were packed
   */
  private record Packed(List<String> parameters, InferenceSession session) {}

  /**
   * @param conv without a residual
   * @param backend is the caller's, and to be closed after this
   */
  public SeparableBlock(SeparableConv2d conv, ConvBackend backend) {
    super(VERSION);
    if (conv.inputCount() != 1) {
      throw new IllegalArgumentException("a block has one input, but this adds another: " + conv);
    }
    this.conv = conv;
    this.backend = backend;
    addParameters("depthwise", conv.depthwise());
    addParameters("pointwise", conv.pointwise());
  }

  private void addParameters(String stage, Conv2d stageConv) {
    Shape filter =
        new Shape(
            stageConv.outChannels(),
            stageConv.channelsPerGroup(),
            stageConv.kernelH(),
            stageConv.kernelW());
    addParameter(parameter(stage + ".weight", Parameter.Type.WEIGHT, filter));
    if (stageConv.bias()) {
      Shape bias = new Shape(stageConv.outChannels());
      addParameter(parameter(stage + ".bias", Parameter.Type.BIAS, bias));
    }
  }

  private static Parameter parameter(String name, Parameter.Type type, Shape shape) {
    return Parameter.builder().setName(name).setType(type).optShape(shape).build();
  }

  /**
   * Takes the parameters of a layer.
   *
   * @param manager whose the arrays become: the model's, as a rule
   * @param layer what is before their names: {@code block1} for {@code block1.depthwise.weight}
   * @throws IllegalArgumentException naming a parameter that is missing or of another shape
   */
  public void load(NDManager manager, StateDict dict, String layer) {
    for (Parameter parameter : getDirectParameters().values()) {
      String name = layer + "." + parameter.getName();
      FloatArray array = dict.arrays().get(name);
      if (array == null) {
        throw new IllegalArgumentException(dict.source() + " has no " + name);
      }
      Shape shape = new Shape(array.shape().stream().mapToLong(size -> size).toArray());
      if (!shape.equals(parameter.getShape())) {
        throw new IllegalArgumentException(
            "%s of %s is %s and must be %s"
                .formatted(name, dict.source(), shape, parameter.getShape()));
      }
      parameter.close(); // what it had before; DJL takes an array only where there is no shape
      parameter.setShape(null);
      parameter.setArray(manager.create(array.values(), shape));
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {shape(conv.outputShapes(List.of(shape(inputShapes[0]))).getFirst())};
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameterStore,
      NDList inputs,
      boolean training,
      PairList<String, Object> params) {
    if (training) {
      throw new IllegalStateException(
          "Sepconv computes no gradients: train DJL's own Conv2d, and load what it has learned into"
              + " a SeparableBlock to predict");
    }
    NDArray input = inputs.singletonOrThrow();
    if (input.getDataType() != DataType.FLOAT32) {
      throw new IllegalArgumentException(
          "the input is %s, but must be float32".formatted(input.getDataType()));
    }
    InferenceSession.Output output =
        session().run(List.of(shape(input.getShape())), input.toFloatArray()).getFirst();
    return new NDList(input.getManager().create(output.values(), shape(output.spec().shape())));
  }

  private synchronized InferenceSession session() {
    List<String> parameters = new ArrayList<>();
    for (Parameter parameter : getDirectParameters().values()) {
      parameters.add(parameter.getArray().getUid());
    }
    if (packed.isEmpty() || !packed.get().parameters.equals(parameters)) {
      close();
      GraphWeights weights =
          new GraphWeights(
              Map.of(
                  "y",
                  new SeparableWeights(
                      weights("depthwise", conv.depthwise()),
                      weights("pointwise", conv.pointwise()))));
      InferenceSession session =
          new InferenceSession(
              backend,
              inputs ->
                  new Program(
                      Graph.builder("separable")
                          .input("x", inputs.getFirst())
                          .add("y", conv)
                          .build(),
                      weights));
      packed = Optional.of(new Packed(parameters, session));
    }
    return packed.get().session;
  }

  private ConvWeights weights(String stage, Conv2d stageConv) {
    ParameterList all = getDirectParameters();
    float[] filter = all.get(stage + ".weight").getArray().toFloatArray();
    return stageConv.bias()
        ? ConvWeights.of(filter, all.get(stage + ".bias").getArray().toFloatArray())
        : ConvWeights.of(filter);
  }

  private static org.sepconv.Shape shape(Shape shape) {
    int[] sizes = Arrays.stream(shape.getShape()).mapToInt(Math::toIntExact).toArray();
    if (sizes.length != 4) {
      throw new IllegalArgumentException(
          "the input is %s, but must be N x C x H x W".formatted(shape));
    }
    return new org.sepconv.Shape(sizes[0], sizes[1], sizes[2], sizes[3]);
  }

  private static Shape shape(org.sepconv.Shape shape) {
    return new Shape(shape.n(), shape.c(), shape.h(), shape.w());
  }

  /** Gives back what was packed; a run afterwards packs again. */
  @Override
  public synchronized void close() {
    packed.ifPresent(one -> one.session.close());
    packed = Optional.empty();
  }
}

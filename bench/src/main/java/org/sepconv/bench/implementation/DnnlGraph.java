package org.sepconv.bench.implementation;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sepconv.Activate;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Graph;
import org.sepconv.MatrixProduct;
import org.sepconv.Pool2d;
import org.sepconv.Quantize;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.ResizeLinear;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.SquareRoot;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;
import org.sepconv.bench.implementation.DnnlLibrary.Format;
import org.sepconv.bench.implementation.FlatGraph.Node;
import org.sepconv.bench.implementation.FlatGraph.Value;

/**
 * Operations one after the other as oneDNN primitives, residuals and activations fused into the
 * convolutions, every tensor in the order that the primitives want: what has to be reordered is,
 * before the first run. Tensors between them share space where they are not needed at once.
 */
final class DnnlGraph implements AutoCloseable {

  private record Step(MemorySegment primitive, int count, MemorySegment arguments) {}

  /** A value in memory. */
  private record Tensor(MemorySegment description, MemorySegment data, MemorySegment memory) {}

  private static final MemoryLayout ARGUMENT =
      MemoryLayout.structLayout(JAVA_INT, MemoryLayout.paddingLayout(4), ADDRESS);

  private final DnnlLibrary dnnl;
  private final FlatGraph graph;
  private final Format format;
  private final Arena arena = Arena.ofShared();
  private final DnnlObjects objects;
  private final MemorySegment engine;
  private final MemorySegment stream;
  private final List<Step> steps = new ArrayList<>();
  private final List<String> kernels = new ArrayList<>();
  private final Map<Value, Tensor> tensors = new HashMap<>();
  private final Spaces spaces = new Spaces(arena);

  /**
   * @param format of all tensors; {@link Format#ANY} lets the primitives choose
   * @param inputs in NCHW
   * @throws IllegalStateException if oneDNN has no primitive for it
   */
  DnnlGraph(DnnlLibrary dnnl, FlatGraph graph, Format format, List<float[]> inputs) {
    this.dnnl = dnnl;
    this.graph = graph;
    this.format = format;
    this.objects = new DnnlObjects(dnnl, arena);
    try {
      engine = objects.owned("dnnl_engine_destroy", dnnl.engine(arena));
      stream = objects.owned("dnnl_stream_destroy", dnnl.stream(arena, engine));
      graph
          .constants()
          .forEach(
              (value, values) -> {
                MemorySegment plain = objects.describe(value.shape(), Format.NCHW);
                MemorySegment data = spaces.fresh(dnnl.size(plain));
                MemorySegment.copy(values, 0, data, JAVA_FLOAT, 0, values.length);
                tensors.put(value, new Tensor(plain, data, memory(plain, data)));
              });
      for (Node node : graph.nodes()) {
        add(node);
        node.inputs().forEach(value -> release(value, node));
      }
      for (int i = 0; i < inputs.size(); i++) {
        Value input = graph.inputs().get(i);
        reorder(
            memory(objects.describe(input.shape(), Format.NCHW), inputs.get(i)),
            tensor(input).memory);
      }
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  private void add(Node node) {
    switch (node.operation()) {
      case Conv2d conv -> convolution(node, conv);
      case Binary(Binary.Function function) -> binary(node, function);
      case Reduce reduce when reduce.function() == Reduce.Function.MEAN && reduce.ofPixels() ->
          globalAveragePool(node);
      case Activate _,
          BatchNormalization _,
          SquareRoot _,
          MatrixProduct _,
          Pool2d _,
          Quantize _,
          Rearrangement _,
          Reduce _,
          ResizeLinear _,
          Softmax _,
          TransposedConv2d _,
          Unary _ ->
          throw unknown(node);
      case SeparableConv2d _, Graph _ -> throw new IllegalArgumentException("not flat: " + node);
    }
  }

  private static IllegalStateException unknown(Node node) {
    return new IllegalStateException("oneDNN is not asked for: " + node.operation());
  }

  /** Gives back the space of a value that no node needs after this one. */
  private void release(Value value, Node after) {
    List<Node> nodes = graph.nodes();
    boolean needed =
        nodes.subList(nodes.indexOf(after) + 1, nodes.size()).stream()
            .anyMatch(node -> node.inputs().contains(value));
    if (!needed
        && !graph.inputs().contains(value)
        && !graph.constants().containsKey(value)
        && !graph.outputs().contains(value)) {
      spaces.giveBack(known(value).data);
    }
  }

  private void convolution(Node node, Conv2d conv) {
    Value input = node.inputs().getFirst();
    ConvWeights weights = (ConvWeights) node.weights();
    ConvGeometry geometry = conv.geometry(input.shape());
    Tensor residual = conv.residual() ? tensor(node.inputs().getLast()) : null;
    MemorySegment primitive =
        objects.owned(
            "dnnl_primitive_desc_destroy",
            dnnl.create(
                arena,
                "dnnl_convolution_forward_primitive_desc_create",
                engine,
                DnnlLibrary.FORWARD_INFERENCE,
                DnnlLibrary.CONVOLUTION_DIRECT,
                tensors.containsKey(input)
                    ? known(input).description
                    : objects.describe(input.shape(), format),
                objects.filter(conv, Format.ANY),
                conv.bias() ? objects.describe(Format.X, conv.outChannels()) : MemorySegment.NULL,
                residual == null
                    ? objects.describe(geometry.output(), format)
                    : residual.description,
                objects.dimensions(conv.strideH(), conv.strideW()),
                objects.dimensions(conv.dilationH() - 1, conv.dilationW() - 1), // 0 = none
                objects.dimensions(geometry.padding().top(), geometry.padding().left()),
                objects.dimensions(geometry.padding().bottom(), geometry.padding().right()),
                objects.attributes(
                    Optional.ofNullable(residual).map(Tensor::description), conv.activation())));
    if (!tensors.containsKey(input)) {
      put(input, query(primitive, DnnlLibrary.QUERY_SRC));
    }
    MemorySegment filter = memory(query(primitive, DnnlLibrary.QUERY_WEIGHTS));
    reorder(memory(objects.filter(conv, Format.GOIHW), weights.filter()), filter);
    List<Object> arguments =
        arguments(DnnlLibrary.ARG_SRC, known(input).memory, DnnlLibrary.ARG_WEIGHTS, filter);
    if (conv.bias()) {
      arguments.add(DnnlLibrary.ARG_BIAS);
      arguments.add(
          memory(
              objects.describe(Format.X, conv.outChannels()),
              weights.biasOrZeros(conv.outChannels())));
    }
    if (residual != null) {
      arguments.add(DnnlLibrary.ARG_FIRST_POST_OP | DnnlLibrary.ARG_SRC_1);
      arguments.add(residual.memory);
    }
    finish(node, primitive, arguments);
  }

  private void binary(Node node, Binary.Function function) {
    int algorithm =
        switch (function) {
          case ADD -> DnnlLibrary.BINARY_ADD;
          case MULTIPLY -> DnnlLibrary.BINARY_MULTIPLY;
          case SUBTRACT, DIVIDE, POWER, MINIMUM, MAXIMUM, PRELU -> throw unknown(node);
        };
    // Both are symmetric, and only the second may be repeated along a dimension.
    boolean swapped = !node.inputs().getFirst().shape().equals(node.output().shape());
    Tensor first = tensor(node.inputs().get(swapped ? 1 : 0));
    Tensor second = tensor(node.inputs().get(swapped ? 0 : 1));
    MemorySegment primitive =
        objects.owned(
            "dnnl_primitive_desc_destroy",
            dnnl.create(
                arena,
                "dnnl_binary_primitive_desc_create",
                engine,
                algorithm,
                first.description,
                second.description,
                first.description,
                objects.plainAttributes()));
    finish(
        node,
        primitive,
        arguments(DnnlLibrary.ARG_SRC, first.memory, DnnlLibrary.ARG_SRC_1, second.memory));
  }

  private void globalAveragePool(Node node) {
    Tensor input = tensor(node.inputs().getFirst());
    Shape shape = node.inputs().getFirst().shape();
    MemorySegment primitive =
        objects.owned(
            "dnnl_primitive_desc_destroy",
            dnnl.create(
                arena,
                "dnnl_pooling_forward_primitive_desc_create",
                engine,
                DnnlLibrary.FORWARD_INFERENCE,
                DnnlLibrary.POOLING_AVERAGE,
                input.description,
                objects.describe(node.output().shape(), Format.ANY),
                objects.dimensions(1, 1), // strides
                objects.dimensions(shape.h(), shape.w()),
                objects.dimensions(0, 0), // dilation
                objects.dimensions(0, 0),
                objects.dimensions(0, 0),
                objects.plainAttributes()));
    finish(node, primitive, arguments(DnnlLibrary.ARG_SRC, input.memory));
  }

  /** The tensor of a value; of an input that no primitive has chosen an order for, in NCHW. */
  private Tensor tensor(Value value) {
    if (!tensors.containsKey(value)) {
      put(value, objects.describe(value.shape(), format == Format.ANY ? Format.NCHW : format));
    }
    return known(value);
  }

  private Tensor known(Value value) {
    return Objects.requireNonNull(tensors.get(value));
  }

  private void put(Value value, MemorySegment description) {
    // An input is written before the first run, and must last.
    long size = dnnl.size(description);
    MemorySegment data = graph.inputs().contains(value) ? spaces.fresh(size) : spaces.take(size);
    tensors.put(value, new Tensor(description, data, memory(description, data)));
  }

  private static List<Object> arguments(Object... pairs) {
    return new ArrayList<>(List.of(pairs));
  }

  /** Adds the step of a primitive, with its output and scratchpad in place. */
  private void finish(Node node, MemorySegment primitive, List<Object> arguments) {
    put(node.output(), query(primitive, DnnlLibrary.QUERY_DST));
    arguments.add(DnnlLibrary.ARG_DST);
    arguments.add(known(node.output()).memory);
    MemorySegment scratchpad = query(primitive, DnnlLibrary.QUERY_SCRATCHPAD);
    MemorySegment data = spaces.take(dnnl.size(scratchpad));
    arguments.add(DnnlLibrary.ARG_SCRATCHPAD);
    arguments.add(memory(scratchpad, data));
    spaces.giveBack(data); // of no use after the step
    steps.add(step(primitive, arguments));
    kernels.add(kernel(primitive));
  }

  private Step step(MemorySegment description, List<Object> arguments) {
    MemorySegment primitive =
        objects.owned(
            "dnnl_primitive_destroy", dnnl.create(arena, "dnnl_primitive_create", description));
    int count = arguments.size() / 2;
    MemorySegment array = arena.allocate(ARGUMENT, count);
    for (int i = 0; i < count; i++) {
      array.set(JAVA_INT, i * ARGUMENT.byteSize(), (int) arguments.get(2 * i));
      array.set(ADDRESS, i * ARGUMENT.byteSize() + 8, (MemorySegment) arguments.get(2 * i + 1));
    }
    return new Step(primitive, count, array);
  }

  private String kernel(MemorySegment description) {
    MemorySegment text = arena.allocate(ADDRESS);
    dnnl.call("dnnl_primitive_desc_query", description, DnnlLibrary.QUERY_IMPL_INFO, 0, text);
    return DnnlLibrary.text(text);
  }

  private MemorySegment query(MemorySegment primitive, int what) {
    return dnnl.pointer("dnnl_primitive_desc_query_md", primitive, what, 0);
  }

  private MemorySegment memory(MemorySegment description, float... values) {
    MemorySegment data = spaces.fresh(dnnl.size(description));
    MemorySegment.copy(values, 0, data, JAVA_FLOAT, 0, values.length);
    return memory(description, data);
  }

  private MemorySegment memory(MemorySegment description, MemorySegment data) {
    return objects.owned(
        "dnnl_memory_destroy", dnnl.create(arena, "dnnl_memory_create", description, engine, data));
  }

  private void reorder(MemorySegment from, MemorySegment to) {
    MemorySegment description =
        objects.owned(
            "dnnl_primitive_desc_destroy",
            dnnl.create(
                arena,
                "dnnl_reorder_primitive_desc_create",
                descriptionOf(from),
                engine,
                descriptionOf(to),
                engine,
                MemorySegment.NULL));
    run(step(description, List.of(DnnlLibrary.ARG_SRC, from, DnnlLibrary.ARG_DST, to)));
    dnnl.await(stream);
  }

  private MemorySegment descriptionOf(MemorySegment memory) {
    MemorySegment description = arena.allocate(ADDRESS);
    dnnl.call("dnnl_memory_get_memory_desc", memory, description);
    return description.get(ADDRESS, 0);
  }

  private void run(Step step) {
    dnnl.execute(step.primitive, stream, step.count, step.arguments);
  }

  /** Runs all operations. */
  void run() {
    for (int i = 0; i < steps.size(); i++) {
      run(steps.get(i));
    }
    dnnl.await(stream);
  }

  /**
   * Runs all operations, but gives up behind the one with which the time is over: in an order that
   * oneDNN has no kernels for, loops take a thousand times as long.
   *
   * @return whether all have run
   */
  boolean runWithin(long nanos) {
    long start = System.nanoTime();
    for (Step step : steps) {
      run(step);
      dnnl.await(stream);
      if (System.nanoTime() - start > nanos) {
        return false;
      }
    }
    return true;
  }

  /** The implementations that oneDNN chose. */
  String kernel() {
    return KernelNames.joined(kernels);
  }

  /** The first output in NCHW. */
  float[] output() {
    Value first = graph.outputs().getFirst();
    MemorySegment plain = objects.describe(first.shape(), Format.NCHW);
    MemorySegment data = spaces.fresh(dnnl.size(plain));
    reorder(known(first).memory, memory(plain, data));
    return data.asSlice(0, dnnl.size(plain)).toArray(JAVA_FLOAT);
  }

  @Override
  public void close() {
    objects.destroy();
    arena.close();
  }
}

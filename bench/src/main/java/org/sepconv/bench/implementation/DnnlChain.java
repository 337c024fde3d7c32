package org.sepconv.bench.implementation;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Shape;
import org.sepconv.bench.implementation.DnnlLibrary.Format;

/**
 * Convolutions one after the other as oneDNN primitives, activations fused into them, every tensor
 * in the order that the primitives want: what has to be reordered is, before the first run.
 */
final class DnnlChain implements AutoCloseable {

  /** A convolution with its weights on an input of this shape. */
  record Stage(Conv2d conv, ConvWeights weights, Shape input) {}

  private record Step(MemorySegment primitive, int count, MemorySegment arguments) {}

  private static final MemoryLayout ARGUMENT =
      MemoryLayout.structLayout(JAVA_INT, MemoryLayout.paddingLayout(4), ADDRESS);

  private static final int ALIGNMENT = 64;

  private final DnnlLibrary dnnl;
  private final Arena arena = Arena.ofShared();
  private final Deque<Runnable> cleanup = new ArrayDeque<>();
  private final MemorySegment engine;
  private final MemorySegment stream;
  private final List<Step> steps = new ArrayList<>();
  private final List<String> kernels = new ArrayList<>();
  private final Shape output;
  private MemorySegment source = MemorySegment.NULL;
  private MemorySegment last = MemorySegment.NULL;
  private MemorySegment lastDescription = MemorySegment.NULL;

  /**
   * @param format of input and output; {@link Format#ANY} lets the primitives choose
   * @throws IllegalStateException if oneDNN has no primitive for it
   */
  DnnlChain(DnnlLibrary dnnl, List<Stage> stages, Format format, float[] input) {
    this.dnnl = dnnl;
    this.output = stages.getLast().conv().outputShape(stages.getLast().input());
    try {
      engine = owned("dnnl_engine_destroy", dnnl.engine(arena));
      stream = owned("dnnl_stream_destroy", dnnl.stream(arena, engine));
      for (Stage stage : stages) {
        add(stage, format);
      }
      reorder(memory(describe(stages.getFirst().input(), Format.NCHW), input), source);
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  private void add(Stage stage, Format format) {
    ConvGeometry geometry = stage.conv.geometry(stage.input);
    Conv2d conv = stage.conv;
    MemorySegment from = steps.isEmpty() ? describe(stage.input, format) : lastDescription;
    MemorySegment primitive =
        owned(
            "dnnl_primitive_desc_destroy",
            dnnl.create(
                arena,
                "dnnl_convolution_forward_primitive_desc_create",
                engine,
                DnnlLibrary.FORWARD_INFERENCE,
                DnnlLibrary.CONVOLUTION_DIRECT,
                from,
                filter(conv, Format.ANY),
                conv.bias() ? describe(Format.X, conv.outChannels()) : MemorySegment.NULL,
                describe(geometry.output(), format),
                dimensions(conv.strideH(), conv.strideW()),
                dimensions(conv.dilationH() - 1, conv.dilationW() - 1), // 0 = none
                dimensions(geometry.padding().top(), geometry.padding().left()),
                dimensions(geometry.padding().bottom(), geometry.padding().right()),
                attributes(conv.activation())));
    MemorySegment src = steps.isEmpty() ? memory(query(primitive, DnnlLibrary.QUERY_SRC)) : last;
    MemorySegment weights = memory(query(primitive, DnnlLibrary.QUERY_WEIGHTS));
    lastDescription = query(primitive, DnnlLibrary.QUERY_DST);
    MemorySegment dst = memory(lastDescription);
    reorder(memory(filter(conv, Format.GOIHW), stage.weights.filter()), weights);
    if (steps.isEmpty()) {
      source = src;
    }
    last = dst;
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                DnnlLibrary.ARG_SRC,
                src,
                DnnlLibrary.ARG_WEIGHTS,
                weights,
                DnnlLibrary.ARG_DST,
                dst,
                DnnlLibrary.ARG_SCRATCHPAD,
                memory(query(primitive, DnnlLibrary.QUERY_SCRATCHPAD))));
    if (conv.bias()) {
      arguments.add(DnnlLibrary.ARG_BIAS);
      arguments.add(
          memory(
              describe(Format.X, conv.outChannels()),
              stage.weights.biasOrZeros(conv.outChannels())));
    }
    steps.add(step(primitive, arguments));
    kernels.add(kernel(primitive));
  }

  private Step step(MemorySegment description, List<Object> arguments) {
    MemorySegment primitive =
        owned("dnnl_primitive_destroy", dnnl.create(arena, "dnnl_primitive_create", description));
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

  private MemorySegment attributes(Activation activation) {
    MemorySegment attributes =
        owned("dnnl_primitive_attr_destroy", dnnl.create(arena, "dnnl_primitive_attr_create"));
    dnnl.call("dnnl_primitive_attr_set_scratchpad_mode", attributes, DnnlLibrary.SCRATCHPAD_USER);
    MemorySegment after =
        owned("dnnl_post_ops_destroy", dnnl.create(arena, "dnnl_post_ops_create"));
    switch (activation) {
      case Activation.None _ -> {}
      case Activation.Relu _ -> append(after, DnnlLibrary.ELTWISE_RELU, 0, 0);
      case Activation.Relu6 _ -> append(after, DnnlLibrary.ELTWISE_CLIP, 0, 6);
      case Activation.Clamp(float min, float max) ->
          append(after, DnnlLibrary.ELTWISE_CLIP, min, max);
      case Activation.LeakyRelu(float slope) -> append(after, DnnlLibrary.ELTWISE_RELU, slope, 0);
      case Activation.HardSwish _ -> append(after, DnnlLibrary.ELTWISE_HARDSWISH, 1f / 6, 0.5f);
      case Activation.Silu _ -> append(after, DnnlLibrary.ELTWISE_SWISH, 1, 0);
      case Activation.Sigmoid _ -> append(after, DnnlLibrary.ELTWISE_LOGISTIC, 0, 0);
      case Activation.HardSigmoid _ -> append(after, DnnlLibrary.ELTWISE_HARDSIGMOID, 1f / 6, 0.5f);
      case Activation.Gelu _ -> append(after, DnnlLibrary.ELTWISE_GELU_ERF, 0, 0);
      case Activation.Tanh _ -> append(after, DnnlLibrary.ELTWISE_TANH, 0, 0);
    }
    dnnl.call("dnnl_primitive_attr_set_post_ops", attributes, after);
    return attributes;
  }

  private void append(MemorySegment after, int algorithm, float alpha, float beta) {
    dnnl.call("dnnl_post_ops_append_eltwise", after, algorithm, alpha, beta);
  }

  private MemorySegment describe(Shape shape, Format format) {
    return describe(format, shape.n(), shape.c(), shape.h(), shape.w());
  }

  /** Groups x O/groups x C/groups x KH x KW, or without groups where there is one. */
  private MemorySegment filter(Conv2d conv, Format format) {
    int[] kernel = {conv.channelsPerGroup(), conv.kernelH(), conv.kernelW()};
    return conv.groups() == 1
        ? describe(
            format == Format.GOIHW ? Format.NCHW : format, // OIHW is the same tag
            conv.outChannels(),
            kernel[0],
            kernel[1],
            kernel[2])
        : describe(format, conv.groups(), conv.outputsPerGroup(), kernel[0], kernel[1], kernel[2]);
  }

  private MemorySegment describe(Format format, int... sizes) {
    return owned(
        "dnnl_memory_desc_destroy",
        dnnl.create(
            arena,
            "dnnl_memory_desc_create_with_tag",
            sizes.length,
            dimensions(sizes),
            DnnlLibrary.F32,
            format.tag));
  }

  private MemorySegment dimensions(int... sizes) {
    MemorySegment array = arena.allocate(JAVA_LONG, 12); // dnnl_dims_t
    for (int i = 0; i < sizes.length; i++) {
      array.setAtIndex(JAVA_LONG, i, sizes[i]);
    }
    return array;
  }

  private MemorySegment query(MemorySegment primitive, int what) {
    return dnnl.pointer("dnnl_primitive_desc_query_md", primitive, what, 0);
  }

  private MemorySegment memory(MemorySegment description, float... values) {
    MemorySegment data = arena.allocate(Math.max(dnnl.size(description), ALIGNMENT), ALIGNMENT);
    MemorySegment.copy(values, 0, data, JAVA_FLOAT, 0, values.length);
    return memory(description, data);
  }

  private MemorySegment memory(MemorySegment description, MemorySegment data) {
    return owned(
        "dnnl_memory_destroy", dnnl.create(arena, "dnnl_memory_create", description, engine, data));
  }

  private void reorder(MemorySegment from, MemorySegment to) {
    MemorySegment description =
        owned(
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

  private MemorySegment owned(String destroy, MemorySegment object) {
    cleanup.push(() -> dnnl.call(destroy, object));
    return object;
  }

  private void run(Step step) {
    dnnl.execute(step.primitive, stream, step.count, step.arguments);
  }

  /** Runs all convolutions. */
  void run() {
    for (int i = 0; i < steps.size(); i++) {
      run(steps.get(i));
    }
    dnnl.await(stream);
  }

  /** The implementations that oneDNN chose. */
  String kernel() {
    return kernels.stream().collect(Collectors.joining(" + "));
  }

  /** The output in NCHW. */
  float[] output() {
    MemorySegment plain = describe(output, Format.NCHW);
    MemorySegment data = arena.allocate(dnnl.size(plain), ALIGNMENT);
    reorder(last, memory(plain, data));
    return data.toArray(JAVA_FLOAT);
  }

  @Override
  public void close() {
    while (!cleanup.isEmpty()) {
      cleanup.pop().run();
    }
    arena.close();
  }
}

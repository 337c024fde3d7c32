package org.sepconv.bench.implementation;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Shape;
import org.sepconv.bench.implementation.DnnlLibrary.Format;

/** What oneDNN calls things, and the objects that it wants destroyed. */
final class DnnlObjects {
  private final DnnlLibrary dnnl;
  private final Arena arena;
  private final Deque<Runnable> cleanup = new ArrayDeque<>();

  DnnlObjects(DnnlLibrary dnnl, Arena arena) {
    this.dnnl = dnnl;
    this.arena = arena;
  }

  /** Attributes of a primitive that takes its scratchpad as an argument. */
  MemorySegment plainAttributes() {
    MemorySegment attributes =
        owned("dnnl_primitive_attr_destroy", dnnl.create(arena, "dnnl_primitive_attr_create"));
    dnnl.call("dnnl_primitive_attr_set_scratchpad_mode", attributes, DnnlLibrary.SCRATCHPAD_USER);
    return attributes;
  }

  /**
   * The same, with what is done to each value of the output.
   *
   * @param residual description of what is added before the activation; empty if nothing is
   */
  MemorySegment attributes(Optional<MemorySegment> residual, Activation activation) {
    MemorySegment attributes = plainAttributes();
    MemorySegment after =
        owned("dnnl_post_ops_destroy", dnnl.create(arena, "dnnl_post_ops_create"));
    residual.ifPresent(
        added -> dnnl.call("dnnl_post_ops_append_binary", after, DnnlLibrary.BINARY_ADD, added));
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

  /** The looks of a tensor. */
  MemorySegment describe(Shape shape, Format format) {
    return describe(format, shape.n(), shape.c(), shape.h(), shape.w());
  }

  /** Groups x O/groups x C/groups x KH x KW, or without groups where there is one. */
  MemorySegment filter(Conv2d conv, Format format) {
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

  /** The same of any number of sizes. */
  MemorySegment describe(Format format, int... sizes) {
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

  /** Sizes as oneDNN takes them. */
  MemorySegment dimensions(int... sizes) {
    MemorySegment array = arena.allocate(JAVA_LONG, 12); // dnnl_dims_t
    for (int i = 0; i < sizes.length; i++) {
      array.setAtIndex(JAVA_LONG, i, sizes[i]);
    }
    return array;
  }

  /** An object that goes with the graph. */
  MemorySegment owned(String destroy, MemorySegment object) {
    cleanup.push(() -> dnnl.call(destroy, object));
    return object;
  }

  /** Destroys all objects, the last one first. */
  void destroy() {
    while (!cleanup.isEmpty()) {
      cleanup.pop().run();
    }
  }
}

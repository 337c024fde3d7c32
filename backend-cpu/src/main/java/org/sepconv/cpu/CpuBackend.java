package org.sepconv.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sepconv.Activation;
import org.sepconv.BatchNormalization;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Elementwise;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.MatrixProduct;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.ResizeLinear;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.TensorSpec;
import org.sepconv.TransposedConv2d;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cpu.kernel.Chosen;
import org.sepconv.cpu.kernel.Joined;
import org.sepconv.cpu.kernel.KernelFamily;
import org.sepconv.cpu.kernel.Operands;
import org.sepconv.cpu.layout.BlockConversion;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.memory.SpanArena;
import org.sepconv.cpu.memory.WorkerScratch;
import org.sepconv.cpu.operation.TensorKernels;
import org.sepconv.cpu.thread.WorkerPool;
import org.sepconv.cpu.warm.Warmer;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;
import org.sepconv.spi.Vocabulary;

/** The opened CPU: a kernel family and the threads that run it. */
final class CpuBackend extends ConvBackend {
  private static final Vocabulary VOCABULARY =
      Vocabulary.FIRST
          .with(TensorKernels.OPERATIONS)
          .with(List.of(TransposedConv2d.class, Graph.class))
          .withMoreActivations(
              List.of(
                  Activation.Sigmoid.class,
                  Activation.HardSigmoid.class,
                  Activation.Gelu.class,
                  Activation.Tanh.class));

  private final KernelFamily kernels;
  private final Fusion fusion;
  private final WorkerPool pool;
  private final Warmer warmer = new Warmer();
  private final SpanArena arena = new SpanArena();
  private final PackedWeights packed = new PackedWeights(arena);

  /**
   * @param fusion what one kernel may compute
   */
  CpuBackend(DeviceInfo device, KernelFamily kernels, Fusion fusion, BackendOptions options) {
    super(device, options.warmUp());
    this.kernels = kernels;
    this.fusion = fusion;
    this.pool = new WorkerPool(options.threads());
  }

  /** Whether emitted code becomes faster by being compiled alone. */
  boolean nativeVectors() {
    return kernels.nativeVectors();
  }

  /** Whether other code computes until the JVM has compiled what was made for an operation. */
  boolean isStaged() {
    return kernels.isStaged();
  }

  @Override
  public DeviceProfile profile() {
    return kernels.profile(pool.threads());
  }

  @Override
  protected Vocabulary vocabulary() {
    return VOCABULARY;
  }

  @Override
  protected Support accepts(Problem problem) {
    return switch (problem.operation()) {
      case SeparableConv2d separable ->
          fusion == Fusion.NEVER ? new Support.No("cpu.fuse=never") : kernels.fuses(separable);
      case Graph graph -> accepts(graph, problem);
      case Conv2d _,
          BatchNormalization _,
          Elementwise _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          Reduce _,
          ResizeLinear _,
          Softmax _,
          TransposedConv2d _ ->
          Support.YES;
    };
  }

  private Support accepts(Graph graph, Problem problem) {
    Optional<Joined> joined = joinsNodes() ? Joined.of(graph, problem) : Optional.empty();
    return joined
        .map(both -> kernels.joins(both, problem, fusion == Fusion.ALWAYS))
        .orElseGet(() -> new Support.No("node by node"));
  }

  @Override
  protected boolean joinsNodes() {
    return fusion.compareTo(Fusion.AUTO) >= 0;
  }

  @Override
  protected Tensor allocateTensor(TensorSpec spec) {
    ChannelBlocks blocks = kernels.blocks(spec.shape());
    long limit = Shape.MAX_ELEMENTS - Span.SLACK - Span.LINE_START;
    if (blocks.floats() > limit) {
      throw new BackendException(
          device().id(),
          "a tensor of %s takes %d values as %s, more than %d; split the batch"
              .formatted(spec, blocks.floats(), blocks.layoutName(), limit));
    }
    int floats = (int) blocks.floats() + Span.SLACK;
    return new CpuTensor(this, spec, conversion(spec), allocate(floats, "a tensor of " + spec));
  }

  private Span allocate(int floats, String what) {
    try {
      return Span.ofLength(floats);
    } catch (OutOfMemoryError failure) {
      throw new BackendException(
          device().id(),
          "no memory for %s (%d MiB; the heap is %d MiB): start java with a larger -Xmx, or split the batch"
              .formatted(what, 4L * floats >> 20, Runtime.getRuntime().maxMemory() >> 20),
          failure);
    }
  }

  @Override
  protected Prepared prepareProblem(Problem problem, Weights weights) {
    Shape input = problem.source().shape();
    return switch (problem.operation()) {
      case Conv2d conv ->
          convolution(problem, kernels.conv2d(conv, (ConvWeights) weights, input, packed));
      case SeparableConv2d separable ->
          convolution(
              problem, kernels.separable(separable, (SeparableWeights) weights, input, packed));
      case TransposedConv2d conv ->
          convolution(problem, kernels.transposed(conv, (ConvWeights) weights, input, packed));
      case Graph graph -> joined(graph, problem, (GraphWeights) weights);
      case BatchNormalization _,
          Elementwise _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          Reduce _,
          ResizeLinear _,
          Softmax _ ->
          new CpuOperation(this, problem, TensorKernels.of(problem, weights, kernels), pool);
    };
  }

  private Prepared joined(Graph graph, Problem problem, GraphWeights weights) {
    Joined joined = Joined.of(graph, problem).orElseThrow();
    Chosen chosen = kernels.joined(joined, weights, problem, packed);
    return convolution(problem, chosen, joined.operands());
  }

  private Prepared convolution(Problem problem, Chosen chosen) {
    return convolution(problem, chosen, Operands.ofConvolution(problem.inputs().size() > 1));
  }

  private Prepared convolution(Problem problem, Chosen chosen, Operands operands) {
    return new CpuConvolution(
        this,
        problem,
        chosen,
        operands,
        conversion(problem.source()),
        conversion(problem.destination()),
        pool);
  }

  /** What has the JVM compile code in the background. */
  Warmer warmer() {
    return warmer;
  }

  /** Scratch for the workers of a run. */
  WorkerScratch scratch() {
    return new WorkerScratch(arena, pool.threads());
  }

  @Override
  protected long sharedBytes(TensorSpec spec) {
    return (long) Float.BYTES * (kernels.blocks(spec.shape()).floats() + Span.SLACK);
  }

  @Override
  protected List<Tensor> allocateShared(List<TensorSpec> specs, long[] offsets, long bytes) {
    long floats = bytes / Float.BYTES + Span.SLACK;
    if (floats > Shape.MAX_ELEMENTS - Span.LINE_START) {
      throw new BackendException(
          device().id(),
          "the values between the operations take %d bytes, more than one array; split the batch"
              .formatted(bytes));
    }
    Span memory = allocate((int) floats, "what lies between the operations");
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < offsets.length; i++) {
      TensorSpec spec = specs.get(i);
      int offset = memory.offset() + (int) (offsets[i] / Float.BYTES);
      tensors.add(new CpuTensor(this, spec, conversion(spec), new Span(memory.array(), offset)));
    }
    return tensors;
  }

  /** What its weights are packed into, for tests. */
  PackedWeights packedWeights() {
    return packed;
  }

  private BlockConversion conversion(TensorSpec spec) {
    return new BlockConversion(spec, kernels.blocks(spec.shape()), kernels.turn());
  }

  @Override
  protected void release() {
    warmer.close();
    pool.close();
  }
}

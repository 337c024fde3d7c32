package org.sepconv.spi;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.graph.pass.Passes;
import org.sepconv.graph.pass.Program;

/**
 * One opened device: it owns tensors and prepares operations. Thread-safe.
 *
 * <p>The least that a backend implements is one kind of problem: {@link #accepts} says which,
 * {@link #prepareProblem} prepares it. The public methods check their arguments here, once for all
 * backends.
 *
 * <p>Close what it handed out first. Closing waits for the runs under way; whatever is still used
 * afterwards is an {@link IllegalStateException}.
 */
public abstract class ConvBackend implements AutoCloseable {
  private final DeviceInfo device;
  private final Duration warmUp;
  private final Lifecycle lifecycle;

  /** For backends whose runs are fast from the first on. */
  protected ConvBackend(DeviceInfo device) {
    this(device, Duration.ZERO);
  }

  /**
   * For backends whose first runs are slow.
   *
   * @param warmUp how long {@link #prepare} may run what it prepared
   */
  @SuppressWarnings("this-escape") // release() is only kept here, and called by close()
  protected ConvBackend(DeviceInfo device, Duration warmUp) {
    this.device = Objects.requireNonNull(device, "device");
    this.warmUp = Objects.requireNonNull(warmUp, "warmUp");
    this.lifecycle = new Lifecycle("backend " + device.id(), this::release);
  }

  public final DeviceInfo device() {
    return device;
  }

  /** What the cost model knows of this device. */
  public abstract DeviceProfile profile();

  /**
   * Whether {@link #prepare} accepts this problem, or why not. A backend is not asked about words
   * that it does not know. A separable convolution that it refuses is supported where both of its
   * stages are, and a graph always: what the backend refuses of it runs on the host.
   */
  public final Support supports(Problem problem) {
    return orComposed(asWhole(problem), problem);
  }

  /**
   * What {@link #prepare} makes of a graph before it prepares its nodes: with less to compute, as
   * far as this backend runs the fused operations.
   *
   * @param problem of a graph
   * @param weights of the graph
   * @throws IllegalArgumentException if it is no graph, or the weights do not match it
   */
  public final Passes.Compiled compile(Problem problem, GraphWeights weights) {
    if (!(problem.operation() instanceof Graph graph)) {
      throw new IllegalArgumentException("only for a graph, not for " + problem.operation());
    }
    Program program = new Program(graph, weights);
    Predicate<Problem> supported = fused -> asWhole(fused) instanceof Support.Yes;
    return joinsNodes()
        ? Passes.run(program, problem, supported, this::joinRefusal)
        : Passes.run(program, problem, supported);
  }

  private Optional<String> joinRefusal(Problem nodes) {
    return asWhole(nodes) instanceof Support.No(String reason)
        ? Optional.of(reason)
        : Optional.empty();
  }

  /** What is refused as a whole may be composed. */
  private Support orComposed(Support whole, Problem problem) {
    return whole instanceof Support.No && isComposed(problem)
        ? ComposedGraph.supports(this, problem)
        : whole;
  }

  private static boolean isComposed(Problem problem) {
    return problem.operation() instanceof SeparableConv2d || problem.operation() instanceof Graph;
  }

  /** Whether the backend itself prepares it. */
  private Support asWhole(Problem problem) {
    return vocabulary()
        .refusal(problem)
        .<Support>map(Support.No::new)
        .orElseGet(() -> given(accepts(problem), "accepts()"));
  }

  /** What a backend returned, which must not be null. */
  final <T> T given(T answer, String method) {
    if (answer == null) {
      throw new BackendException(device.id(), method + " of the backend returned null");
    }
    return answer;
  }

  /**
   * A tensor of zeros in the memory of this device. The caller closes it.
   *
   * @throws IllegalArgumentException if this backend does not know the type of its values
   * @throws BackendException if there is not enough memory
   */
  public final Tensor allocate(TensorSpec spec) {
    if (!vocabulary().types().contains(spec.type())) {
      throw new IllegalArgumentException(
          "%s has no tensors of %s, only of %s"
              .formatted(device.id(), spec.type(), vocabulary().types()));
    }
    enter();
    try {
      return allocateChecked(spec);
    } finally {
      leave();
    }
  }

  /** A tensor as it was asked for: the backend is open. */
  final Tensor allocateChecked(TensorSpec spec) {
    Tensor tensor = given(allocateTensor(spec), "allocateTensor()");
    if (!tensor.spec().equals(spec)) {
      tensor.close();
      throw new BackendException(
          device.id(),
          "a tensor of %s was asked for, but the backend's is of %s"
              .formatted(spec, tensor.spec()));
    }
    return tensor;
  }

  /**
   * Packs the weights, compiles the kernels, allocates what runs need, and warms up as long as
   * {@link BackendOptions#warmUp()} allows. The caller closes the result, which keeps the weights.
   *
   * @throws IllegalArgumentException if the weights do not match the operation
   * @throws BackendException if this backend does not support the problem, with the reason, or the
   *     device fails
   */
  public final Prepared prepare(Problem problem, Weights weights) {
    Prepared prepared = prepareCold(problem, weights);
    try {
      prepared.makeReady();
      if (!warmUp.isZero()) {
        WarmUp.run(prepared, warmUp);
      }
      return prepared;
    } catch (RuntimeException | Error failure) {
      prepared.close();
      throw failure;
    }
  }

  /** Prepares without warming up: for what runs once, and for parts of something else. */
  final Prepared prepareCold(Problem problem, Weights weights) {
    weights.checkMatches(problem.operation());
    enter();
    try {
      Support whole = asWhole(problem);
      require(orComposed(whole, problem), problem);
      if (!(problem.operation() instanceof Graph)) {
        return prepareAny(problem, weights, whole).answers(problem, weights, List.of());
      }
      Passes.Compiled compiled = compile(problem, (GraphWeights) weights);
      Program program = compiled.program();
      Problem smaller = program.on(problem);
      return prepareAny(smaller, program.weights(), asWhole(smaller))
          .answers(problem, weights, compiled.reports());
    } finally {
      leave();
    }
  }

  private Prepared prepareAny(Problem problem, Weights weights, Support whole) {
    if (whole instanceof Support.No(String reason)) {
      return prepareComposed(problem, weights, reason);
    }
    Prepared prepared = given(prepareProblem(problem, weights), "prepareProblem()");
    if (!prepared.problem().tensors().equals(problem.tensors())) {
      prepared.close();
      throw new BackendException(
          device.id(),
          "%s was to be prepared for %s, but the backend prepared it for %s"
              .formatted(problem.operation(), problem.tensors(), prepared.problem().tensors()));
    }
    return prepared;
  }

  /** The same operation for another size: from what is prepared already, as far as that goes. */
  final Prepared adapt(Prepared prepared, Problem problem, Weights weights) {
    enter();
    try {
      require(supports(problem), problem);
      return prepared
          .adapted(problem, weights)
          .map(adapted -> adapted.answers(problem, weights, prepared.passes()))
          .orElseGet(() -> prepare(problem, weights));
    } finally {
      leave();
    }
  }

  private void require(Support support, Problem problem) {
    if (support instanceof Support.No(String reason)) {
      throw new BackendException(
          device.id(),
          "does not support %s on %s: %s".formatted(problem.operation(), problem.source(), reason));
    }
  }

  /**
   * The one-call form: prepares, runs once, and cleans up. For the simple case; to run often,
   * {@link #prepare} once.
   *
   * @param inputs values of each input in the order of its layout
   * @return the first output in its layout, in a new array
   * @throws IllegalArgumentException as {@link #prepare}, or if there are more or fewer inputs or
   *     values than the problem has
   */
  public final float[] convolve(Problem problem, Weights weights, float[]... inputs) {
    float[] output = new float[problem.destination().shape().elements()];
    try (Prepared prepared = prepareCold(problem, weights)) {
      prepared.runOnce(inputs, output);
    }
    return output;
  }

  final void enter() {
    lifecycle.enter();
  }

  final void leave() {
    lifecycle.leave();
  }

  @Override
  public final void close() {
    lifecycle.close();
  }

  /** Allocates a tensor: the backend is open. */
  protected abstract Tensor allocateTensor(TensorSpec spec);

  /**
   * In which layout this backend would have the values between the nodes of a graph that it runs
   * one by one, and the constants. Where a node cannot be said in it, they lie as the output does.
   *
   * @param output of the graph
   */
  protected Layout layoutBetween(Layout output) {
    return output;
  }

  /**
   * How much memory a tensor takes where tensors share it; 0 where those of this backend cannot.
   */
  protected long sharedBytes(TensorSpec spec) {
    return 0;
  }

  /**
   * Allocates tensors of which some lie on each other in one piece of memory: while one is used,
   * those that it lies on are not. {@link Tensor#reuse} is called when the use of one begins. Only
   * for backends whose {@link #sharedBytes} is positive.
   *
   * @param offsets where each begins in that memory, in bytes, multiples of 64
   * @param bytes of that memory
   */
  protected List<Tensor> allocateShared(List<TensorSpec> specs, long[] offsets, long bytes) {
    throw new UnsupportedOperationException("tensors of " + device.id() + " share no memory");
  }

  /**
   * The words that this backend knows; one that learned more than the {@linkplain Vocabulary#FIRST
   * first} overrides this.
   */
  protected Vocabulary vocabulary() {
    return Vocabulary.FIRST;
  }

  /** Whether {@link #prepareProblem} takes this problem, or why not; cheap. All words are known. */
  protected abstract Support accepts(Problem problem);

  /**
   * Whether it is asked about graphs of two nodes of a larger one, which it {@linkplain #accepts
   * accepts} where it computes both at once, and faster so.
   */
  protected boolean joinsNodes() {
    return false;
  }

  /**
   * Prepares a problem that it {@linkplain #accepts accepts}; the weights match. A graph is what
   * {@link #compile} made of the one that was asked for.
   */
  protected abstract Prepared prepareProblem(Problem problem, Weights weights);

  /**
   * Prepares a separable convolution, or a graph, as one operation after the other: for backends
   * that find out only when they prepare that they cannot run it as a whole.
   *
   * @param reason why it cannot run as a whole, for {@link Prepared#explain()}
   */
  protected final Prepared prepareComposed(Problem problem, Weights weights, String reason) {
    return ComposedGraph.prepare(this, problem, weights, reason);
  }

  /** Gives everything back; called once, when nothing uses it any more. */
  protected abstract void release();
}

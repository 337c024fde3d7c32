package org.sepconv.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.graph.pass.PassReport;

/**
 * An operation that is ready to run on tensors of certain shapes and layouts: weights packed,
 * kernels compiled, nothing left to do but to compute.
 *
 * <p>Immutable; any number of threads may run it at once, each with its own outputs. The same input
 * gives the same bits every time. Closing waits for the runs under way; a run afterwards is an
 * {@link IllegalStateException}.
 */
public abstract class Prepared implements AutoCloseable {
  /**
   * What somebody asked for, of which this is the answer.
   *
   * @param problem where it is of a graph, perhaps with more nodes than were prepared
   * @param weights of the problem
   * @param passes what was done to the graph
   */
  private record Asked(Problem problem, Weights weights, List<PassReport> passes) {}

  private final ConvBackend backend;
  private final ArgumentChecks checks;
  private final Lifecycle lifecycle;
  private final Workspaces<Binding> idle = new Workspaces<>(this::makeBinding);

  /** Every binding that was made: as many as there were runs at the same time. */
  private final Queue<Binding> made = new ConcurrentLinkedQueue<>();

  /** The backend's own problem, until {@link #answers} tells the one that was asked. */
  private volatile Asked asked;

  /**
   * For backends.
   *
   * @param problem that the backend was given; of a graph, after the passes
   */
  @SuppressWarnings("this-escape") // only kept here, and called when this is complete
  protected Prepared(ConvBackend backend, Problem problem) {
    this.backend = Objects.requireNonNull(backend, "backend");
    this.asked = new Asked(Objects.requireNonNull(problem, "problem"), Weights.none(), List.of());
    this.checks = new ArgumentChecks(backend, problem);
    this.lifecycle =
        new Lifecycle(
            "prepared " + problem.operation() + " of " + backend.device().id(), this::releaseAll);
  }

  public final ConvBackend backend() {
    return backend;
  }

  /** What it was prepared for: the looks of all tensors that it takes and fills. */
  public final Problem problem() {
    return asked.problem;
  }

  /** What runs, as in {@code f32-separable-nhwc-3x3s2-vector}: for logs, plans and benchmarks. */
  public abstract String kernel();

  /** The kernels that were considered, best first, each with its reason. */
  public List<KernelCandidate> explain() {
    return List.of(KernelCandidate.taken(kernel(), "the backend's only kernel for it"));
  }

  /**
   * What was done to a graph before it was prepared, pass by pass, with the graph before and after
   * each; nothing where it runs as it was given.
   */
  public final List<PassReport> passes() {
    return asked.passes;
  }

  /**
   * Memory that the values between the nodes of a graph take in each run under way, in bytes; 0
   * where nothing lies between.
   */
  public long bytesBetween() {
    return 0;
  }

  /** Where those values lie, and how long. */
  public MemoryPlan memoryPlan() {
    return MemoryPlan.NONE;
  }

  /**
   * What a run does one after the other, in this order: the nodes of a graph as they run; where it
   * runs as one, only itself. {@link Run#partTimes()} says what each takes.
   */
  public List<Part> parts() {
    return List.of(new Part("", problem(), kernel(), Optional.empty()));
  }

  /**
   * Binds tensors, to run on them many times. The caller closes the result; the tensors stay the
   * caller's.
   *
   * @param inputs as {@link #problem()} has them
   * @param outputs as {@link #problem()} has them; one may be an input that the operation may
   *     replace ({@link Problem#mayReplace}), then it takes its place
   * @throws IllegalArgumentException if there are more or fewer, a tensor has another shape, layout
   *     or type, belongs to another backend, or an output is an input that may not be replaced
   */
  public final Run bind(List<Tensor> inputs, List<Tensor> outputs) {
    checks.checkCount("inputs", inputs.size(), problem().inputs().size());
    checks.checkCount("outputs", outputs.size(), problem().outputs().size());
    Binding binding = idle.take();
    try {
      for (int i = 0; i < inputs.size(); i++) {
        binding.inputs[i] = inputs.get(i);
      }
      for (int i = 0; i < outputs.size(); i++) {
        binding.outputs[i] = outputs.get(i);
      }
      checks.checkTensors(binding);
      return new Run(this, binding);
    } catch (RuntimeException | Error failure) {
      giveBack(binding);
      throw failure;
    }
  }

  /**
   * Computes the one output of a problem with one input into every value of {@code dst}; when it
   * returns, the result can be read. {@link #bind} for all other problems, and to check once.
   *
   * @throws IllegalArgumentException as {@link #bind}
   * @throws IllegalStateException if this, a tensor or the backend is closed
   * @throws BackendException if the device fails
   */
  public final void run(Tensor src, Tensor dst) {
    checks.checkConvenience(1);
    Binding binding = idle.take();
    try {
      binding.inputs[0] = src;
      binding.outputs[0] = dst;
      checks.checkTensors(binding);
      binding.run();
    } finally {
      giveBack(binding);
    }
  }

  /**
   * The same with two inputs. A residual is only read, unless it is {@code dst}, which it may be:
   * then the output takes its place, and no third tensor is needed. It may also be {@code src}.
   *
   * @throws IllegalArgumentException as {@link #bind}
   * @throws IllegalStateException if this, a tensor or the backend is closed
   * @throws BackendException if the device fails
   */
  public final void run(Tensor src, Tensor second, Tensor dst) {
    checks.checkConvenience(2);
    Binding binding = idle.take();
    try {
      binding.inputs[0] = src;
      binding.inputs[1] = second;
      binding.outputs[0] = dst;
      checks.checkTensors(binding);
      binding.run();
    } finally {
      giveBack(binding);
    }
  }

  /**
   * Computes from array to array, both in the order of their layouts. A backend that can read and
   * write arrays does so; others copy them to tensors and back.
   *
   * @throws IllegalArgumentException if an array has another length than its shape needs, or both
   *     are the same array, or the problem has another number of inputs
   * @throws IllegalStateException if this or the backend is closed
   * @throws BackendException if the device fails
   */
  public final void run(float[] src, float[] dst) {
    checks.checkConvenience(1);
    Binding binding = idle.take();
    try {
      binding.hostInputs[0] = src;
      binding.hostOutputs[0] = dst;
      checks.checkArrays(binding);
      binding.runOnHost();
    } finally {
      giveBack(binding);
    }
  }

  /**
   * The same with two inputs. A residual may be {@code dst} or {@code src}.
   *
   * @throws IllegalArgumentException as with one input
   * @throws IllegalStateException if this or the backend is closed
   * @throws BackendException if the device fails
   */
  public final void run(float[] src, float[] second, float[] dst) {
    checks.checkConvenience(2);
    Binding binding = idle.take();
    try {
      binding.hostInputs[0] = src;
      binding.hostInputs[1] = second;
      binding.hostOutputs[0] = dst;
      checks.checkArrays(binding);
      binding.runOnHost();
    } finally {
      giveBack(binding);
    }
  }

  /** Runs from arrays to the only output that is wanted; the others are thrown away. */
  final void runOnce(float[][] inputs, float[] output) {
    checks.checkCount("inputs", inputs.length, problem().inputs().size());
    Binding binding = idle.take();
    try {
      System.arraycopy(inputs, 0, binding.hostInputs, 0, inputs.length);
      binding.hostOutputs[0] = output;
      for (int i = 1; i < binding.hostOutputs.length; i++) {
        binding.hostOutputs[i] = new float[problem().outputs().get(i).shape().elements()];
      }
      checks.checkArrays(binding);
      binding.runOnHost();
    } finally {
      giveBack(binding);
    }
  }

  /**
   * The same operation for a source of another batch or size. Kernels and packed weights are shared
   * where they do not depend on the size; both must be closed.
   *
   * @throws IllegalArgumentException if the operation cannot take such an input
   * @throws BackendException if the backend does not support it
   */
  public final Prepared withSource(TensorSpec source) {
    return with(problem().withSource(source));
  }

  /**
   * The same for inputs of other sizes, all of which are given.
   *
   * @throws IllegalArgumentException if the operation cannot take such inputs
   * @throws BackendException if the backend does not support it
   */
  public final Prepared withInputs(List<TensorSpec> inputs) {
    return with(problem().withInputs(inputs));
  }

  private Prepared with(Problem other) {
    lifecycle.enter();
    try {
      return backend.adapt(this, other, asked.weights);
    } finally {
      lifecycle.leave();
    }
  }

  /** Allocates what the first run needs. */
  final void makeReady() {
    giveBack(idle.take());
  }

  private Binding makeBinding() {
    enter();
    try {
      Binding binding = new Binding(this, backend.given(execution(), "execution()"));
      made.add(binding);
      return binding;
    } finally {
      leave();
    }
  }

  final void giveBack(Binding binding) {
    binding.clear();
    if (!idle.give(binding) && made.remove(binding)) {
      binding.release();
    }
  }

  final void enter() {
    lifecycle.enter();
  }

  final void leave() {
    lifecycle.leave();
  }

  /** Remembers what was asked for: {@link #withSource} may prepare it again. */
  final Prepared answers(Problem problem, Weights weights, List<PassReport> passes) {
    asked = new Asked(problem, weights, passes);
    return this;
  }

  @Override
  public final void close() {
    lifecycle.close();
  }

  private void releaseAll() {
    idle.clear(_ -> {}); // they are among all that were made
    List<Runnable> closings = new ArrayList<>();
    made.forEach(binding -> closings.add(binding::release));
    made.clear();
    closings.add(this::release);
    Closing.all(closings);
  }

  /** What one run at a time needs: called for as many as are under way at once. */
  protected abstract Execution execution();

  /**
   * The same for a part of a graph, whose nodes run one after the other: what this needs while it
   * runs may be that of the others.
   *
   * @param others of this graph, of this backend or of the host
   */
  protected Execution executionBeside(List<Execution> others) {
    return execution();
  }

  /**
   * The same operation for another size, sharing with this what does not depend on it; both are
   * then closed apart. Only for problems that the backend supports.
   *
   * @param weights those that this was prepared with
   * @return empty where nothing can be shared: then it is prepared from scratch
   */
  protected Optional<Prepared> adapted(Problem other, Weights weights) {
    return Optional.empty();
  }

  /**
   * Makes the code of the kernels fast, by whatever means is quicker than to run them as they are;
   * called before the first run and between others, and only where there is a budget to warm up.
   * Must be quick where there is nothing left to do.
   *
   * @param end when to stop, as {@link System#nanoTime()}
   */
  protected void warmUpKernels(long end) {
    // Running is all that there is to do.
  }

  /** Gives weights and kernels back; called once, when nothing uses them any more. */
  protected abstract void release();
}

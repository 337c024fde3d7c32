package org.sepconv.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.TensorSpec;

/** A separable convolution as one convolution after the other, with a tensor between them. */
final class ComposedSeparable extends Prepared {
  private final Prepared depthwise;
  private final Prepared pointwise;
  private final String reason;

  private ComposedSeparable(
      Problem problem, Prepared depthwise, Prepared pointwise, String reason) {
    super(depthwise.backend(), problem);
    this.depthwise = depthwise;
    this.pointwise = pointwise;
    this.reason = reason;
  }

  private static Problem depthwise(Problem problem) {
    SeparableConv2d separable = (SeparableConv2d) problem.operation();
    return Problem.of(separable.depthwise(), problem.source(), problem.destination().layout());
  }

  private static Problem pointwise(Problem problem) {
    SeparableConv2d separable = (SeparableConv2d) problem.operation();
    TensorSpec between = depthwise(problem).destination();
    return Problem.of(separable.pointwise(), between, problem.destination().layout());
  }

  /** Both stages must be supported. */
  static Support supports(ConvBackend backend, Problem problem) {
    Support first = backend.supports(depthwise(problem));
    return first instanceof Support.No ? first : backend.supports(pointwise(problem));
  }

  static Prepared prepare(
      ConvBackend backend, Problem problem, SeparableWeights weights, String reason) {
    Prepared depthwise = backend.prepareCold(depthwise(problem), weights.depthwise());
    try {
      Prepared pointwise = backend.prepareCold(pointwise(problem), weights.pointwise());
      return new ComposedSeparable(problem, depthwise, pointwise, reason);
    } catch (RuntimeException | Error failure) {
      depthwise.close();
      throw failure;
    }
  }

  @Override
  public String kernel() {
    return depthwise.kernel() + " + " + pointwise.kernel();
  }

  @Override
  public List<KernelCandidate> explain() {
    List<KernelCandidate> all = new ArrayList<>();
    all.add(KernelCandidate.refused("fused", reason));
    all.addAll(depthwise.explain());
    all.addAll(pointwise.explain());
    return all;
  }

  @Override
  protected Optional<Prepared> adapted(Problem other) {
    Prepared first = depthwise.withSource(other.source());
    try {
      TensorSpec between = first.problem().destination();
      return Optional.of(
          new ComposedSeparable(other, first, pointwise.withSource(between), reason));
    } catch (RuntimeException | Error failure) {
      first.close();
      throw failure;
    }
  }

  @Override
  protected Execution execution() {
    Tensor between = backend().allocateTensor(depthwise.problem().destination());
    List<Execution> stages = new ArrayList<>();
    try {
      stages.add(depthwise.execution());
      stages.add(pointwise.execution());
      return new Stages(stages.getFirst(), stages.getLast(), between, problem().inputs().size());
    } catch (RuntimeException | Error failure) {
      stages.forEach(Execution::release);
      between.close();
      throw failure;
    }
  }

  /** What a run needs: that of both stages, and the tensor between them. */
  private static final class Stages extends Execution {
    private final Execution first;
    private final Execution second;
    private final Tensor[] between;
    private final Tensor[] source = new Tensor[1];

    /** The inputs of the second stage: the tensor between, then whatever follows the source. */
    private final Tensor[] secondInputs;

    Stages(Execution first, Execution second, Tensor between, int inputs) {
      this.first = first;
      this.second = second;
      this.between = new Tensor[] {between};
      this.secondInputs = new Tensor[inputs];
    }

    // Not run(): this run has entered everything already, and a close that waits for it would
    // refuse to let it enter again.
    @Override
    protected void start(Tensor[] inputs, Tensor[] outputs) {
      source[0] = inputs[0];
      System.arraycopy(inputs, 1, secondInputs, 1, inputs.length - 1);
      secondInputs[0] = between[0];
      first.start(source, between);
      first.await();
      second.start(secondInputs, outputs);
    }

    @Override
    protected void await() {
      try {
        second.await();
      } finally {
        Arrays.fill(source, null); // tensors are not kept
        Arrays.fill(secondInputs, null);
      }
    }

    @Override
    protected long deviceNanos() {
      return first.deviceNanos() + second.deviceNanos();
    }

    @Override
    protected void release() {
      try {
        first.release();
      } finally {
        try {
          second.release();
        } finally {
          between[0].close();
        }
      }
    }
  }

  @Override
  protected void warmUpKernels(long end) {
    depthwise.warmUpKernels(end);
    pointwise.warmUpKernels(end);
  }

  @Override
  protected void release() {
    try (pointwise;
        depthwise) {}
  }
}

package org.sepconv.spi;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.reference.Reference;

/** A node of a {@link ComposedGraph}, on the device or on the host. */
sealed interface GraphPart {
  Graph.Step step();

  String kernel();

  List<KernelCandidate> explain();

  /** What is timed on its own, named within this node. */
  List<Part> parts();

  /** What a run needs, beside those of the nodes before it. */
  Execution execution(List<Execution> others);

  /** The same node on tensors of another size, with the same weights. */
  GraphPart adapted(ConvBackend backend, Graph.Step other, Weights weights);

  default void warmUpKernels(long end) {}

  default void close() {}

  /** Prepares a node where it can run. */
  static GraphPart of(ConvBackend backend, Graph.Step step, Weights weights) {
    return switch (backend.supports(step.problem())) {
      case Support.Yes _ -> new OnDevice(step, backend.prepareCold(step.problem(), weights));
      case Support.No(String reason) -> new OnHost(step, weights, reason);
    };
  }

  /** A node that the backend runs. */
  record OnDevice(Graph.Step step, Prepared prepared) implements GraphPart {
    @Override
    public String kernel() {
      return prepared.kernel();
    }

    @Override
    public List<KernelCandidate> explain() {
      return prepared.explain();
    }

    @Override
    public List<Part> parts() {
      return prepared.parts();
    }

    @Override
    public Execution execution(List<Execution> others) {
      return prepared.executionBeside(others);
    }

    @Override
    public GraphPart adapted(ConvBackend backend, Graph.Step other, Weights weights) {
      return new OnDevice(other, backend.adapt(prepared, other.problem(), weights));
    }

    @Override
    public void warmUpKernels(long end) {
      prepared.warmUpKernels(end);
    }

    @Override
    public void close() {
      prepared.close();
    }
  }

  /**
   * A node that the backend refuses: by the reference, with its values moved to the host and back.
   *
   * @param reason why the backend refuses it
   */
  record OnHost(Graph.Step step, Weights weights, String reason) implements GraphPart {
    @Override
    public String kernel() {
      return "host";
    }

    @Override
    public List<KernelCandidate> explain() {
      long bytes = step.problem().tensors().stream().mapToLong(TensorSpec::bytes).sum();
      return List.of(
          KernelCandidate.refused("device", reason),
          KernelCandidate.taken(
              "host",
              "%s by the reference; %d bytes are moved each run"
                  .formatted(step.problem().operation(), bytes)));
    }

    @Override
    public List<Part> parts() {
      return List.of(new Part("", step.problem(), kernel(), Optional.of(reason)));
    }

    @Override
    public Execution execution(List<Execution> others) {
      return new ByReference(step.problem(), weights);
    }

    @Override
    public GraphPart adapted(ConvBackend backend, Graph.Step other, Weights weights) {
      return new OnHost(other, weights, reason);
    }
  }

  /** Computes on the host, whatever the device. */
  final class ByReference extends Execution {
    private final Problem problem;
    private final Weights weights;
    private final float[][] inputs;
    private final float[] output;

    private ByReference(Problem problem, Weights weights) {
      this.problem = problem;
      this.weights = weights;
      this.inputs = new float[problem.inputs().size()][];
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = new float[problem.inputs().get(i).shape().elements()];
      }
      this.output = new float[problem.destination().shape().elements()];
    }

    @Override
    protected void start(Tensor[] from, Tensor[] to) {
      for (int i = 0; i < inputs.length; i++) {
        from[i].download(MemorySegment.ofArray(inputs[i]));
      }
      Reference.run(problem, weights, inputs).roundInto(output);
      to[0].upload(MemorySegment.ofArray(output));
    }
  }

  /** Closes them all, the last one first, whatever one of them throws. */
  static void closeAll(List<GraphPart> parts) {
    Closing.all(parts.reversed().stream().<Runnable>map(part -> part::close).toList());
  }
}

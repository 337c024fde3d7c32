package org.sepconv.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.sepconv.Graph;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.graph.pass.Program;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;

/**
 * One network on one backend, for inputs of any sizes: what a size needs is prepared when it is
 * first asked for, kept while it is among those used last, and given back when its last run ends.
 * Kernels and packed weights are shared by all sizes.
 *
 * <p>Thread-safe: any number of threads run at once, and two that ask for the same new size prepare
 * it once. The backend and the model stay the caller's.
 *
 * <pre>{@code
 * try (InferenceSession session = new InferenceSession(backend, Model.of(graph, weights))) {
 *   float[] values = session.run(List.of(Shape.of(3, 320, 240)), pixels).getFirst().values();
 * }
 * }</pre>
 */
public final class InferenceSession implements AutoCloseable {
  /** How many sizes are kept where nothing else is said. */
  public static final int USUAL_PLANS = 8;

  private final ConvBackend backend;
  private final Model model;
  private final Layout layout;
  private final PlanCache<List<Shape>> plans;

  /**
   * What a run gave.
   *
   * @param name of the node
   * @param values in the order of the layout of {@code spec}; the caller's
   */
  public record Output(String name, TensorSpec spec, float[] values) {}

  /** For tensors in NCHW, with the {@linkplain #USUAL_PLANS usual} number of sizes kept. */
  public InferenceSession(ConvBackend backend, Model model) {
    this(backend, model, Layout.NCHW, USUAL_PLANS);
  }

  /**
   * For tensors of a layout.
   *
   * @param mostPlans how many sizes are kept; more are prepared only while they are used
   * @throws IllegalArgumentException if no size would be kept
   */
  public InferenceSession(ConvBackend backend, Model model, Layout layout, int mostPlans) {
    this.backend = Objects.requireNonNull(backend, "backend");
    this.model = Objects.requireNonNull(model, "model");
    this.layout = Objects.requireNonNull(layout, "layout");
    if (mostPlans < 1) {
      throw new IllegalArgumentException(
          "%d prepared sizes are to be kept, but it must be 1 at least".formatted(mostPlans));
    }
    this.plans = new PlanCache<>(new PlanMaker(), mostPlans);
  }

  /** From the model to what runs. */
  private final class PlanMaker implements PlanCache.Maker<List<Shape>> {
    @Override
    public Program program(List<Shape> shapes) {
      return model.at(shapes);
    }

    @Override
    public Prepared prepare(Program program, List<Shape> shapes, Optional<Prepared> like) {
      List<TensorSpec> specs = shapes.stream().map(shape -> new TensorSpec(shape, layout)).toList();
      return like.map(other -> other.withInputs(specs))
          .orElseGet(() -> backend.prepare(Problem.of(program.graph(), specs), program.weights()));
    }
  }

  /**
   * Runs once.
   *
   * @param shapes of the inputs
   * @param inputs the values of each, in the order of the session's layout
   * @return all outputs of the graph, in its order
   * @throws IllegalArgumentException if the network takes no such inputs, or an array has not as
   *     many values as its shape
   * @throws IllegalStateException if this or the backend is closed
   * @throws org.sepconv.spi.BackendException if the device fails
   */
  public List<Output> run(List<Shape> shapes, float[]... inputs) {
    if (inputs.length != shapes.size()) {
      throw new IllegalArgumentException(
          "%d inputs were given for %d shapes".formatted(inputs.length, shapes.size()));
    }
    for (int i = 0; i < inputs.length; i++) {
      shapes.get(i).checkLength("input " + i, inputs[i].length);
    }
    Plan<List<Shape>> plan = plans.acquire(List.copyOf(shapes));
    try {
      OwningRun run = plan.takeRun();
      try {
        for (int i = 0; i < inputs.length; i++) {
          run.inputs().get(i).write(inputs[i]);
        }
        run.run();
        return outputs(plan.await().problem(), run);
      } finally {
        plan.giveBack(run);
      }
    } finally {
      plans.release(plan);
    }
  }

  private static List<Output> outputs(Problem problem, OwningRun run) {
    Graph graph = (Graph) problem.operation();
    List<Output> outputs = new ArrayList<>();
    for (int i = 0; i < problem.outputs().size(); i++) {
      outputs.add(
          new Output(
              graph.outputs().get(i), problem.outputs().get(i), run.outputs().get(i).read()));
    }
    return outputs;
  }

  /**
   * Lends what is prepared for inputs of these shapes: to bind tensors of one's own, or to ask what
   * it does. It is not closed before {@code use} returns; nothing of it may be used afterwards.
   * This session is not to be closed within.
   *
   * @throws IllegalArgumentException if the network takes no such inputs
   * @throws IllegalStateException if this or the backend is closed
   */
  public <R> R with(List<Shape> shapes, Function<? super Prepared, ? extends R> use) {
    Plan<List<Shape>> plan = plans.acquire(List.copyOf(shapes));
    try {
      return use.apply(plan.await());
    } finally {
      plans.release(plan);
    }
  }

  /** The input shapes that are prepared and kept, those used last at the end. */
  public List<List<Shape>> prepared() {
    return plans.keys();
  }

  /**
   * Gives back everything that was prepared. Waits for what is under way; a run afterwards is an
   * {@link IllegalStateException}.
   */
  @Override
  public void close() {
    plans.close();
  }
}

package org.sepconv.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.graph.pass.Program;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;

/**
 * A network of sequences on one backend, which takes them part by part as they come: the width is
 * time, and no column of the output may need a later one of the input. Parts of any lengths give
 * the columns that the whole sequence would, each as soon as all that it needs is there.
 *
 * <p>Convolutions and pools have all their padding on the left. Between parts a stream carries
 * those columns that a window meets again, and those that wait for another branch; nothing is
 * computed twice. What is along time and not causal is refused by name: reductions and softmax over
 * the width, padding on the right, resizing.
 *
 * <p>Parts are cut into pieces of a power of two columns, each of which is prepared once and kept
 * while it is among those used last; weights are shared by all of them. Thread-safe: any number of
 * streams run at once. The backend and the model stay the caller's.
 *
 * <pre>{@code
 * try (StreamingNetwork network = StreamingNetwork.of(backend, graph, weights)) {
 *   InferenceStream stream = network.open();
 *   float[] classes = stream.push(features); // of as many columns as there are
 * }
 * }</pre>
 */
public final class StreamingNetwork implements AutoCloseable {

  /**
   * How it runs.
   *
   * @param mostColumns of one piece: a power of two. Longer parts are cut
   * @param mostPlans how many prepared pieces are kept
   */
  public record Options(int mostColumns, int mostPlans) {
    /**
     * @throws IllegalArgumentException if one is not positive, or the columns no power of two
     */
    public Options {
      if (mostColumns < 1 || Integer.bitCount(mostColumns) != 1) {
        throw new IllegalArgumentException(
            "pieces of %d columns at most: it must be a power of two".formatted(mostColumns));
      }
      if (mostPlans < 1) {
        throw new IllegalArgumentException(
            "%d prepared pieces are to be kept, but it must be 1 at least".formatted(mostPlans));
      }
    }

    /** Pieces of 64 columns at most, of which 32 are kept. */
    public static Options usual() {
      return new Options(64, 32);
    }
  }

  /** Steps are descriptions, of a few kilobytes: more of them are kept than of plans. */
  private static final int STEPS_PER_PLAN = 8;

  private final ConvBackend backend;
  private final CausalNetwork network;
  private final Options options;
  private final PlanCache<StreamStep.Key> plans;
  private final Map<StreamStep.Key, StreamStep> steps;

  private StreamingNetwork(ConvBackend backend, CausalNetwork network, Options options) {
    this.backend = Objects.requireNonNull(backend, "backend");
    this.network = network;
    this.options = options;
    this.plans = new PlanCache<>(new PlanMaker(), options.mostPlans());
    int mostSteps = STEPS_PER_PLAN * options.mostPlans();
    this.steps =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<StreamStep.Key, StreamStep> eldest) {
            return size() > mostSteps;
          }
        };
  }

  /**
   * A graph with one input and one output, with the usual options.
   *
   * @throws IllegalArgumentException if it has more, or naming a node that is not causal
   */
  public static StreamingNetwork of(ConvBackend backend, Graph graph, GraphWeights weights) {
    Shape usual = graph.inputs().getFirst().shape();
    return of(backend, Model.of(graph, weights), usual, Options.usual());
  }

  /**
   * A model with one input and one output.
   *
   * @param usual shape of its input, of any width that it takes
   * @throws IllegalArgumentException if it has more, is another network for another width, or
   *     naming a node that is not causal
   */
  public static StreamingNetwork of(
      ConvBackend backend, Model model, Shape usual, Options options) {
    return new StreamingNetwork(
        backend, CausalNetwork.of(AnyWidth.of(model, usual), usual), options);
  }

  /** A stream at the beginning of a sequence. */
  public InferenceStream open() {
    return new InferenceStream(this);
  }

  /** The shape of this many columns of the input. */
  public Shape inputShape(int columns) {
    return network.input().of(columns);
  }

  /** The shape of this many columns of the output. */
  public Shape outputShape(int columns) {
    return network.output().of(columns);
  }

  CausalNetwork network() {
    return network;
  }

  /** How long the next piece of so many columns is. */
  int piece(int columns) {
    return Math.min(options.mostColumns(), Integer.highestOneBit(columns));
  }

  /** What a piece does to a stream. */
  StreamStep step(StreamStep.Key key) {
    synchronized (steps) {
      return steps.computeIfAbsent(key, _ -> StreamStep.of(network, key));
    }
  }

  /** Runs the graph of a step; all that it gives. */
  List<float[]> run(StreamStep.Key key, List<float[]> inputs) {
    Plan<StreamStep.Key> plan = plans.acquire(key);
    try {
      OwningRun run = plan.takeRun();
      try {
        for (int i = 0; i < inputs.size(); i++) {
          run.inputs().get(i).write(inputs.get(i));
        }
        run.run();
        List<float[]> outputs = new ArrayList<>();
        run.outputs().forEach(output -> outputs.add(output.read()));
        return outputs;
      } finally {
        plan.giveBack(run);
      }
    } finally {
      plans.release(plan);
    }
  }

  /** From a step to what runs. */
  private final class PlanMaker implements PlanCache.Maker<StreamStep.Key> {
    @Override
    public Program program(StreamStep.Key key) {
      return step(key).program().orElseThrow();
    }

    @Override
    public Prepared prepare(Program program, StreamStep.Key key, Optional<Prepared> like) {
      List<TensorSpec> specs =
          program.graph().inputs().stream().map(input -> TensorSpec.nchw(input.shape())).toList();
      return backend.prepare(Problem.of(program.graph(), specs), program.weights());
    }
  }

  /** How many pieces are prepared and kept. */
  public int prepared() {
    return plans.keys().size();
  }

  /**
   * Gives back everything that was prepared. Waits for what is under way; a part that is pushed
   * into a stream afterwards is an {@link IllegalStateException}.
   */
  @Override
  public void close() {
    plans.close();
  }
}

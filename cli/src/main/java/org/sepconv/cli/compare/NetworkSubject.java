package org.sepconv.cli.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sepconv.ConstantWeights;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.backend.ReferenceBackendProvider;
import org.sepconv.cases.TestData;
import org.sepconv.cli.model.SizedModel;
import org.sepconv.cli.text.Progress;
import org.sepconv.graph.StandardGraph;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Part;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/**
 * A network, on random values. Errors of its layers add up, so its outputs are allowed one that is
 * small beside the largest of them.
 *
 * @param expected of each output, by the float64 reference, rounded to float32 after every node
 */
record NetworkSubject(
    String name, Problem problem, Weights weights, float[][] inputs, List<float[]> expected)
    implements Subject {

  /** Of the largest value of an output. */
  static final double ALLOWED = 1e-4;

  private static final ConvBackendProvider REFERENCE = new ReferenceBackendProvider();

  /** The network as a standard one, and as it is, on the same inputs. */
  static List<Problem> problems(SizedModel network, Layout layout) {
    Problem separable = network.problem(layout);
    Graph standard = StandardGraph.of(network.graph());
    return List.of(Problem.of(standard, separable.inputs()), separable);
  }

  /** Those of the separable network, and random ones of the convolutions that it has not. */
  private static GraphWeights ofStandard(List<Problem> problems, GraphWeights own, long seed) {
    Graph standard = (Graph) problems.getFirst().operation();
    Map<String, Operation> separable = new HashMap<>();
    ((Graph) problems.getLast().operation())
        .nodes()
        .forEach(node -> separable.put(node.name(), node.operation()));
    Map<String, Weights> weights =
        new HashMap<>(((GraphWeights) Weights.random(standard, seed)).ofNodes());
    for (Graph.Constant constant : standard.constants()) {
      weights.put(constant.name(), new ConstantWeights(own.of(constant)));
    }
    for (Graph.Node node : standard.nodes()) {
      if (node.operation().equals(separable.get(node.name()))) {
        weights.put(node.name(), own.of(node));
      }
    }
    return new GraphWeights(weights);
  }

  /**
   * Computes what must come out of a standard and a separable network.
   *
   * @param own of the separable one
   */
  static List<Subject> of(List<Problem> problems, GraphWeights own, long seed) {
    List<Subject> subjects = new ArrayList<>();
    try (Progress progress = Progress.start("reference", problems.size(), "");
        Backends backends = Backends.of(BackendOptions.defaults(), List.of(REFERENCE))) {
      ConvBackend reference = backends.backend(REFERENCE.name());
      for (Problem problem : problems) {
        String name = subjects.isEmpty() ? "standard" : "separable";
        progress.show(subjects.size(), name + " in float64");
        Weights weights = subjects.isEmpty() ? ofStandard(problems, own, seed) : own;
        float[][] inputs = TestData.evenInputs(problem, seed);
        try (Prepared prepared = reference.prepare(problem, weights);
            OwningRun run = OwningRun.of(prepared, inputs)) {
          run.run();
          List<float[]> expected = run.outputs().stream().map(Tensor::read).toList();
          subjects.add(new NetworkSubject(name, problem, weights, inputs, expected));
        }
      }
    }
    return subjects;
  }

  @Override
  public Check check(List<Tensor> outputs) {
    double worst = 0;
    for (int i = 0; i < outputs.size(); i++) {
      float[] actual = outputs.get(i).read();
      float[] due = expected.get(i);
      double allowed = ALLOWED * largest(due);
      for (int j = 0; j < actual.length; j++) {
        double error = Math.abs((double) actual[j] - due[j]);
        if (!(error <= allowed)) {
          return new Check(error / allowed, Optional.of(wrong(j, actual[j], due[j], allowed)));
        }
        worst = Math.max(worst, error / allowed);
      }
    }
    return new Check(worst, Optional.empty());
  }

  private static double largest(float[] values) {
    double largest = Float.MIN_NORMAL; // of zeros alone, none may differ by more
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static String wrong(int index, float actual, float due, double allowed) {
    return String.format(
        Locale.ROOT,
        "value %d of the output is %s, but should be %s within %.1e",
        index,
        actual,
        due,
        allowed);
  }

  @Override
  public String kernel(Prepared prepared) {
    List<Part> parts = prepared.parts();
    long onHost = parts.stream().filter(part -> part.onHost().isPresent()).count();
    return "%d %s, %s on the host"
        .formatted(
            parts.size(),
            parts.size() == 1 ? "operation" : "operations",
            onHost == 0 ? "none" : onHost);
  }
}

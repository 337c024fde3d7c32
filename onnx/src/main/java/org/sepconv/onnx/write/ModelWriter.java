package org.sepconv.onnx.write;

import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.graph.pass.Program;

/**
 * Writes an operation as a model. Graphs in graphs and separable convolutions, which ONNX does not
 * have, are taken apart; what to fuse is the affair of the engine that reads it.
 */
public final class ModelWriter {
  private ModelWriter() {}

  /**
   * The bytes of the model, on tensors in NCHW. Its inputs and outputs are called as those of a
   * graph; of another operation {@code x0}, {@code x1}, ... and {@code y}.
   *
   * @throws IllegalArgumentException if the weights do not match
   */
  public static byte[] write(Problem problem, Weights weights) {
    Program program = Program.of(problem, weights).flat();
    Graph graph = program.graph();
    GraphBuilder builder = new GraphBuilder();
    for (int i = 0; i < graph.inputs().size(); i++) {
      builder.input(graph.inputs().get(i).name(), problem.inputs().get(i).shape());
    }
    for (Graph.Constant constant : graph.constants()) {
      Shape shape = constant.shape();
      builder.tensor(
          constant.name(),
          program.weights().of(constant),
          shape.n(),
          shape.c(),
          shape.h(),
          shape.w());
    }
    NodeWriter nodes = new NodeWriter(builder);
    for (Graph.Step step : graph.steps(program.on(problem))) {
      nodes.add(step, program.weights().of(step.node()));
    }
    for (int i = 0; i < graph.outputs().size(); i++) {
      builder.output(graph.outputs().get(i), problem.outputs().get(i).shape());
    }
    return builder.model(graph.name());
  }
}

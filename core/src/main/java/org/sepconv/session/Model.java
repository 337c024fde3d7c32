package org.sepconv.session;

import java.util.List;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Shape;
import org.sepconv.graph.pass.Program;

/** A network that takes inputs of more than one size. Thread-safe. */
@FunctionalInterface
public interface Model {
  /**
   * The graph for inputs of these shapes, and its weights. Where it is equal to the one for other
   * shapes, plans share kernels and packed weights; where only the graph differs, those weights
   * that are the same objects.
   *
   * @param inputs of all inputs, in the order of the graph's
   * @throws IllegalArgumentException if it takes no such inputs
   */
  Program at(List<Shape> inputs);

  /**
   * A graph whose operations take any size: batch, height and width are free where nothing in it
   * names them.
   *
   * @throws IllegalArgumentException if the weights do not match
   */
  static Model of(Graph graph, GraphWeights weights) {
    Program program = new Program(graph, weights);
    return _ -> program;
  }
}

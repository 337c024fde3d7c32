package org.sepconv.graph.pass;

import java.util.List;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.reference.Reference;

/** Computes what depends on constants alone, in float64, rounded once. */
final class FoldConstants implements Pass {
  @Override
  public String name() {
    return "fold constants";
  }

  @Override
  public void run(Draft draft) {
    draft.forEachNode(
        node -> {
          boolean constant = node.inputs().stream().allMatch(in -> draft.constant(in).isPresent());
          if (!constant || draft.isOutput(node.name())) {
            return;
          }
          List<TensorSpec> inputs =
              node.inputs().stream().map(in -> TensorSpec.nchw(draft.spec(in).shape())).toList();
          float[][] values =
              node.inputs().stream()
                  .map(in -> draft.constant(in).orElseThrow())
                  .toArray(float[][]::new);
          Problem problem = Problem.of(node.operation(), inputs);
          float[] result = new float[problem.destination().shape().elements()];
          Reference.run(problem, draft.weights(node), values).roundInto(result);
          draft.makeConstant(node, result, node.name() + " is the same in every run");
        });
  }
}

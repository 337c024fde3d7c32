package org.sepconv.graph.pass;

import java.util.List;
import java.util.Optional;
import org.sepconv.Binary;
import org.sepconv.Convolution;
import org.sepconv.Graph;
import org.sepconv.Operation;

/** A sum with what a convolution gives becomes the residual of the convolution. */
final class FuseResidual implements Pass {
  @Override
  public String name() {
    return "fuse residual";
  }

  @Override
  public void run(Draft draft) {
    draft.forEachNode(
        node -> {
          if (node.operation().equals(Binary.add())
              && !fused(draft, node, 1)) { // the branch stands second where people write x + f(x)
            fused(draft, node, 0);
          }
        });
  }

  private static boolean fused(Draft draft, Graph.Node sum, int branch) {
    Optional<Graph.Node> before = draft.onlyGiver(sum, branch);
    if (before.isEmpty()) {
      return false;
    }
    Graph.Node conv = before.get();
    String other = sum.inputs().get(1 - branch);
    Optional<Operation> adding = adding(conv.operation());
    List<String> inputs = Inputs.and(conv, other);
    if (adding.isEmpty() || !draft.supports(adding.get(), inputs, sum.name())) {
      return false;
    }
    draft.fuse(
        conv,
        sum,
        adding.get(),
        inputs,
        draft.weights(conv),
        "%s adds %s to %s".formatted(sum.name(), other, conv.name()));
    return true;
  }

  private static Optional<Operation> adding(Operation operation) {
    return operation instanceof Convolution convolution && convolution.residual()
        ? Optional.empty()
        : LastStage.changed(operation, last -> last.withResidual(true));
  }
}

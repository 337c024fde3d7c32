package org.sepconv.graph.pass;

import java.util.List;
import java.util.Objects;
import org.sepconv.Graph;

/**
 * What a pass did.
 *
 * @param pass its name
 * @param changes a line for each, naming the nodes; none where it found nothing to do
 * @param refusals a line for each change that the device did not want, naming the nodes, and why
 * @param before the graph that it was given
 * @param after the graph that it made of it
 */
public record PassReport(
    String pass, List<String> changes, List<String> refusals, Graph before, Graph after) {
  public PassReport {
    Objects.requireNonNull(pass, "pass");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    changes = List.copyOf(changes);
    refusals = List.copyOf(refusals);
  }

  /** {@code fold batch norm: 35 changes, 105 -> 70 nodes}, and how many were refused. */
  @Override
  public String toString() {
    return "%s: %d changes, %d -> %d nodes%s"
        .formatted(
            pass,
            changes.size(),
            before.nodes().size(),
            after.nodes().size(),
            refusals.isEmpty() ? "" : ", %d refused by the device".formatted(refusals.size()));
  }
}

package org.sepconv.graph.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.sepconv.Problem;

/**
 * All passes in their order, run on a graph before it is prepared. Every one gives the same outputs
 * as before, up to rounding.
 */
public final class Passes {
  // Constants first, so that what is folded stands where it is looked for; a residual before the
  // activation behind it, which comes after both.
  private static final List<Pass> ALL =
      List.of(
          new FoldConstants(),
          new RemoveIdentities(),
          new FoldPadding(),
          new FoldBatchNorm(),
          new FuseResidual(),
          new FuseActivation(),
          new FuseSeparable(),
          new FuseResidual(),
          new FuseActivation());

  /**
   * What the passes made of a graph.
   *
   * @param program to be run
   * @param reports of the passes that changed something, or wanted to, in their order
   */
  public record Compiled(Program program, List<PassReport> reports) {
    public Compiled {
      reports = List.copyOf(reports);
    }
  }

  private Passes() {}

  /**
   * Runs the passes.
   *
   * @param program a graph and its weights
   * @param problem the same graph on tensors of certain looks
   * @param supported whether a device runs a fused operation as one; what it does not stays apart
   */
  public static Compiled run(Program program, Problem problem, Predicate<Problem> supported) {
    return run(ALL, program, problem, supported);
  }

  /**
   * Runs the passes, and those that join nodes to graphs which a device computes at once.
   *
   * @param refusal why a device does not compute a graph of two nodes at once; empty if it does
   */
  public static Compiled run(
      Program program,
      Problem problem,
      Predicate<Problem> supported,
      Function<Problem, Optional<String>> refusal) {
    List<Pass> passes = new ArrayList<>(ALL);
    passes.add(JoinNodes.invertedResidual(refusal));
    passes.add(JoinNodes.gate(refusal));
    return run(passes, program, problem, supported);
  }

  private static Compiled run(
      List<Pass> passes, Program program, Problem problem, Predicate<Problem> supported) {
    List<PassReport> reports = new ArrayList<>();
    Program now = program;
    Problem asked = problem;
    for (Pass pass : passes) {
      Draft draft = new Draft(now, asked, supported);
      pass.run(draft);
      draft.removeUnused();
      if (draft.changes().isEmpty() && draft.refusals().isEmpty()) {
        continue;
      }
      Program changed = draft.program();
      reports.add(
          new PassReport(
              pass.name(), draft.changes(), draft.refusals(), now.graph(), changed.graph()));
      now = changed;
      asked = now.on(problem);
    }
    return new Compiled(now, reports);
  }
}

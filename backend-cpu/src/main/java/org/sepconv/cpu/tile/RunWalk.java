package org.sepconv.cpu.tile;

import java.util.function.BiConsumer;
import org.sepconv.cpu.tile.VectorCode.Index;

/**
 * The loop of tiles over the runs of a filter that meet the input: parameters {@code runs}, {@code
 * firstRun} to {@code endRun - 1}, and {@code depth} steps of each.
 */
final class RunWalk {
  private RunWalk() {}

  /**
   * Emits the loop.
   *
   * @param weightsOfStep floats of packed weights that each step of a run has
   * @param weightsOfRest floats of packed weights that a run has after its steps
   * @param run emits a run, whose first input and whose first weight lie at these indices
   */
  static void emit(
      Emission emission, int weightsOfStep, int weightsOfRest, BiConsumer<Index, Index> run) {
    VectorCode code = emission.vectors();
    int r = code.intLocal();
    int start = code.intLocal();
    int weight = code.intLocal();
    code.loop(
        r,
        emission.value("firstRun"),
        emission.value("endRun"),
        1,
        () -> {
          Index from = code.element(emission.parameter("runs"), code.local(r));
          code.set(start, code.plus(emission.value("srcOffset"), from));
          Index ofRun =
              code.plus(code.times(emission.value("depth"), weightsOfStep), weightsOfRest);
          Index before = code.product(code.local(r), ofRun);
          code.set(weight, code.plus(emission.value("weightOffset"), before));
          run.accept(code.local(start), code.local(weight));
        });
  }
}

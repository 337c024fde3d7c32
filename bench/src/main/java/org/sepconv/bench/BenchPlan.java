package org.sepconv.bench;

import java.util.List;
import org.sepconv.bench.implementation.Implementation;

/**
 * What to measure.
 *
 * @param layers with their variants, or whole networks, in the order of the rows
 * @param implementations each layer runs on all of them, one fork of each after the other, so that
 *     a machine that changes its speed does so for all
 * @param threads that a run may use, as {@link org.sepconv.spi.BackendOptions} takes them
 * @param forks JVMs for each row
 * @param isa the instructions that all of them may use
 */
public record BenchPlan(
    List<? extends Subject> layers,
    List<Implementation> implementations,
    int threads,
    int forks,
    Pace pace,
    Isa isa) {

  /** With all the instructions that there are. */
  public BenchPlan(
      List<? extends Subject> layers,
      List<Implementation> implementations,
      int threads,
      int forks,
      Pace pace) {
    this(layers, implementations, threads, forks, pace, Isa.NATIVE);
  }

  public BenchPlan {
    layers = List.copyOf(layers);
    implementations = List.copyOf(implementations);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("there is no layer to measure");
    }
    if (implementations.isEmpty()) {
      throw new IllegalArgumentException("there is no backend to measure");
    }
    requirePositive("threads", threads);
    requirePositive("forks", forks);
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d, but must be at least 1".formatted(what, value));
    }
  }
}

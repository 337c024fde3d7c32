package org.sepconv.select;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.sepconv.timing.Turns;

/**
 * Runs one convolution on several devices in turns, so that whatever disturbs the machine disturbs
 * all alike: first until each is warm, then in rounds, of which the median counts. Who is clearly
 * behind, and does not become faster any more, leaves; it ends when one is left, or when each has
 * had its time.
 */
final class Trial {
  private static final long WARM_SLICE_NANOS = 40_000_000;
  private static final long SLICE_NANOS = 20_000_000;

  /** Fewer say nothing about how much they vary. */
  private static final int FEWEST_ROUNDS = 5;

  private final List<Contestant> contestants;
  private final long budget;

  /**
   * A trial that has yet to be held.
   *
   * @param budget for each to warm up, and again to be measured
   */
  Trial(List<Contestant> contestants, Duration budget) {
    this.contestants = List.copyOf(contestants);
    this.budget = budget.toNanos();
  }

  /** Holds the trial, and gives back what it needed. */
  void hold(Question question) {
    TrialData data = TrialData.of(question);
    try {
      contestants.forEach(contestant -> contestant.prepare(question, data));
      warmUp();
      measure();
    } finally {
      contestants.forEach(Contestant::close);
    }
  }

  private void warmUp() {
    Turns<Contestant> turns = new Turns<>(contestants);
    while (turns.round(
        contestant -> mayRun(contestant) && !contestant.isWarm(),
        contestant -> contestant.warmUp(WARM_SLICE_NANOS))) {}
  }

  private void measure() {
    contestants.forEach(contestant -> contestant.startOver(budget));
    Turns<Contestant> turns = new Turns<>(contestants);
    for (int round = 1;
        turns.round(this::mayRun, contestant -> contestant.measure(SLICE_NANOS));
        round++) {
      if (round >= FEWEST_ROUNDS) {
        dropTheSlow();
        if (inTheRace().size() < 2) {
          return;
        }
      }
    }
  }

  private boolean mayRun(Contestant contestant) {
    return contestant.inTheRace() && contestant.spentNanos() < budget;
  }

  private void dropTheSlow() {
    List<Contestant> judged = new ArrayList<>(inTheRace());
    judged.removeIf(
        contestant -> contestant.rounds() < FEWEST_ROUNDS && contestant.spentNanos() < budget);
    judged.stream()
        .min(Comparator.comparingDouble(Contestant::seconds))
        .ifPresent(
            leader ->
                judged.stream()
                    .filter(contestant -> contestant.isClearlyBehind(leader))
                    .filter(contestant -> !contestant.isBecomingFaster())
                    .forEach(Contestant::leave));
  }

  private List<Contestant> inTheRace() {
    return contestants.stream().filter(Contestant::inTheRace).toList();
  }
}

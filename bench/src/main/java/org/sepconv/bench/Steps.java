package org.sepconv.bench;

import java.time.Duration;
import java.util.Optional;

/** Counts the forks, and estimates how long the others will take. */
final class Steps {
  private final LayerBench.Listener listener;
  private final int total;
  private final long start;
  private int started;
  private String current = "";

  Steps(LayerBench.Listener listener, int total, long start) {
    this.listener = listener;
    this.total = total;
    this.start = start;
  }

  /** The next fork is about to start. */
  void next(String what) {
    current = what;
    tell(what);
    started++;
  }

  /** Something else is about to be done, which is no fork. */
  void say(String what) {
    tell(what);
  }

  /** What the JVM of the current step printed. */
  void said(String text) {
    listener.said(current, text);
  }

  /** So many forks will not be started. */
  void skip(int forks) {
    started += forks;
  }

  void end() {
    tell(current);
  }

  private void tell(String what) {
    Optional<Duration> remaining =
        started == 0
            ? Optional.empty()
            : Optional.of(
                Duration.ofNanos(
                    (long) ((double) (System.nanoTime() - start) / started * (total - started))));
    listener.starting(started, total, what, remaining);
  }
}

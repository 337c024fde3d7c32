package org.sepconv.examples.text;

import java.time.Duration;

/**
 * What the networks took for a picture. For one thread.
 *
 * <p>Each has three parts: planning, once for a size of its input; preparing, from the picture to
 * the tensor; and running.
 */
public final class Times {

  /** What one network took, for all lines together. */
  static final class Stage {
    private int runs;
    private Duration plan = Duration.ZERO;
    private Duration prepare = Duration.ZERO;
    private Duration run = Duration.ZERO;

    void add(long started, long prepared, long planned, long ran) {
      runs++;
      prepare = prepare.plusNanos(prepared - started);
      plan = plan.plusNanos(planned - prepared);
      run = run.plusNanos(ran - planned);
    }

    @Override
    public String toString() {
      return "%d %s, prepared in %s, planned in %s, ran in %s"
          .formatted(
              runs,
              runs == 1 ? "run" : "runs",
              milliseconds(prepare),
              milliseconds(plan),
              milliseconds(run));
    }
  }

  final Stage detect = new Stage();
  final Stage orient = new Stage();
  final Stage recognise = new Stage();

  static String milliseconds(Duration time) {
    return "%.1f ms".formatted(time.toNanos() / 1e6);
  }

  /** A line for each network. */
  @Override
  public String toString() {
    return "detect: %s\norient: %s\nrecognise: %s".formatted(detect, orient, recognise);
  }
}

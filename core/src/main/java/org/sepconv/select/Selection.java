package org.sepconv.select;

import java.util.List;
import java.util.Locale;
import org.sepconv.Problem;
import org.sepconv.cost.Prediction;
import org.sepconv.spi.DeviceInfo;

/**
 * Which device runs a problem, and why: the verdict on every backend.
 *
 * @param chosen the device that {@link Backends#backend(String)} opens by its id
 * @param reason why this one, in one sentence; with the date, where the answer was kept
 * @param candidates all devices and all unavailable backends
 */
public record Selection(
    Problem problem, DeviceInfo chosen, String reason, List<Candidate> candidates) {

  public Selection {
    candidates = List.copyOf(candidates);
  }

  /**
   * One device, or a backend without devices.
   *
   * @param id the device's id, or the backend's name
   */
  public record Candidate(String id, Verdict verdict) {
    @Override
    public String toString() {
      return id + ": " + verdict;
    }
  }

  /** What selection found out about a candidate. */
  public sealed interface Verdict {

    /** Cannot be used on this machine. */
    record Unavailable(String reason, String remedy) implements Verdict {
      @Override
      public String toString() {
        return "unavailable: " + reason + (remedy.isEmpty() ? "" : " (" + remedy + ")");
      }
    }

    /** Opened, but cannot run this problem. */
    record Unsupported(String reason) implements Verdict {
      @Override
      public String toString() {
        return "unsupported: " + reason;
      }
    }

    /** Can run it, in about this time. */
    record Predicted(Prediction prediction) implements Verdict {
      @Override
      public String toString() {
        return String.format(
            Locale.ROOT,
            "predicted %.3f ms (%s)",
            prediction.seconds() * 1e3,
            prediction.explanation());
      }
    }

    /**
     * Was tried.
     *
     * @param seconds the median of a run, with what must be moved for it
     * @param rounds of runs that were measured; 0 where a single run took all the time
     */
    record Measured(Prediction prediction, double seconds, int rounds) implements Verdict {
      @Override
      public String toString() {
        return String.format(
            Locale.ROOT,
            "measured %.3f ms in %d %s; %s",
            seconds * 1e3,
            rounds,
            rounds == 1 ? "round" : "rounds",
            new Predicted(prediction));
      }
    }

    /** Can run it, but was not tried where others were. */
    record NotTried(Prediction prediction, String reason) implements Verdict {
      @Override
      public String toString() {
        return "not tried: " + reason + "; " + new Predicted(prediction);
      }
    }

    /** Says that it can run it, but failed. */
    record Failed(String reason) implements Verdict {
      @Override
      public String toString() {
        return "failed " + reason;
      }
    }
  }

  /** Several lines for a person to read: the choice, then every candidate. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    text.append(chosen.id()).append(" (").append(reason).append(")");
    for (Candidate candidate : candidates) {
      text.append(System.lineSeparator()).append("  ").append(candidate);
    }
    return text.toString();
  }
}

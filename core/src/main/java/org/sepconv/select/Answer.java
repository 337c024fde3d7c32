package org.sepconv.select;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.sepconv.cost.Prediction;
import org.sepconv.cost.Term;
import org.sepconv.select.Selection.Candidate;
import org.sepconv.select.Selection.Verdict;

/**
 * What a measured selection found out, in the form in which it is kept.
 *
 * @param chosen the id of a device that is among the candidates, and was measured
 * @param candidates all devices; not the backends without any
 */
record Answer(Instant measuredAt, String chosen, List<Candidate> candidates) {

  Answer {
    candidates = List.copyOf(candidates);
    boolean measured =
        candidates.stream()
            .anyMatch(
                candidate ->
                    candidate.id().equals(chosen)
                        && candidate.verdict() instanceof Verdict.Measured);
    if (!measured) {
      throw new IllegalArgumentException("the chosen device %s is not measured".formatted(chosen));
    }
  }

  /** Whether a device did what may not happen again. */
  boolean hasFailures() {
    return candidates.stream()
        .anyMatch(
            candidate ->
                candidate.verdict() instanceof Verdict.Failed
                    || candidate.verdict() instanceof Verdict.Unavailable);
  }

  /** A {@link Properties} file, for an answer without failures. */
  String format(String key) {
    Properties values = new Properties();
    values.setProperty("key", key);
    values.setProperty("measured-at", measuredAt.toString());
    values.setProperty("chosen", chosen);
    values.setProperty("candidates", "" + candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      String prefix = i + ".";
      values.setProperty(prefix + "id", candidates.get(i).id());
      switch (candidates.get(i).verdict()) {
        case Verdict.Unsupported(String reason) -> {
          values.setProperty(prefix + "verdict", "unsupported");
          values.setProperty(prefix + "reason", reason);
        }
        case Verdict.Measured(Prediction prediction, double seconds, int rounds) -> {
          values.setProperty(prefix + "verdict", "measured");
          values.setProperty(prefix + "seconds", "" + seconds);
          values.setProperty(prefix + "rounds", "" + rounds);
          put(values, prefix, prediction);
        }
        case Verdict.NotTried(Prediction prediction, String reason) -> {
          values.setProperty(prefix + "verdict", "not-tried");
          values.setProperty(prefix + "reason", reason);
          put(values, prefix, prediction);
        }
        case Verdict.Predicted _, Verdict.Failed _, Verdict.Unavailable _ ->
            throw new IllegalArgumentException("not to be kept: " + candidates.get(i));
      }
    }
    StringWriter text = new StringWriter();
    try {
      values.store(text, null);
    } catch (IOException impossible) {
      throw new UncheckedIOException("in memory", impossible);
    }
    return text.toString();
  }

  private static void put(Properties values, String prefix, Prediction prediction) {
    values.setProperty(prefix + "predicted-seconds", "" + prediction.seconds());
    values.setProperty(prefix + "bound", prediction.bound());
    values.setProperty(prefix + "explanation", prediction.explanation());
    List<Term> terms = prediction.terms();
    values.setProperty(prefix + "terms", "" + terms.size());
    for (int i = 0; i < terms.size(); i++) {
      values.setProperty(prefix + "term-" + i, terms.get(i).name());
      values.setProperty(prefix + "term-" + i + "-seconds", "" + terms.get(i).seconds());
    }
  }

  /** The answer in a text of {@link #format}; empty if it is another one's, or makes no sense. */
  static Optional<Answer> parse(String text, String key) {
    Properties values = new Properties();
    try {
      values.load(new StringReader(text));
      if (!get(values, "key").equals(key)) {
        return Optional.empty();
      }
      int count = Integer.parseInt(get(values, "candidates"));
      List<Candidate> candidates = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String prefix = i + ".";
        candidates.add(new Candidate(get(values, prefix + "id"), verdict(values, prefix)));
      }
      return Optional.of(
          new Answer(Instant.parse(get(values, "measured-at")), get(values, "chosen"), candidates));
    } catch (IOException | IllegalArgumentException | DateTimeException damaged) {
      return Optional.empty();
    }
  }

  private static Verdict verdict(Properties values, String prefix) {
    String kind = get(values, prefix + "verdict");
    return switch (kind) {
      case "unsupported" -> new Verdict.Unsupported(get(values, prefix + "reason"));
      case "measured" ->
          new Verdict.Measured(
              prediction(values, prefix),
              seconds(values, prefix + "seconds"),
              Integer.parseInt(get(values, prefix + "rounds")));
      case "not-tried" ->
          new Verdict.NotTried(prediction(values, prefix), get(values, prefix + "reason"));
      default -> throw new IllegalArgumentException("there is no verdict " + kind);
    };
  }

  private static Prediction prediction(Properties values, String prefix) {
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(get(values, prefix + "terms")); i++) {
      String term = prefix + "term-" + i;
      terms.add(new Term(get(values, term), Double.parseDouble(get(values, term + "-seconds"))));
    }
    return new Prediction(
        seconds(values, prefix + "predicted-seconds"),
        get(values, prefix + "bound"),
        terms,
        get(values, prefix + "explanation"));
  }

  private static double seconds(Properties values, String name) {
    double seconds = Double.parseDouble(get(values, name));
    if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("%s is %s".formatted(name, seconds));
    }
    return seconds;
  }

  private static String get(Properties values, String name) {
    return Optional.ofNullable(values.getProperty(name))
        .orElseThrow(() -> new IllegalArgumentException("there is no " + name));
  }
}

package org.sepconv.cost;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A predicted time and what it consists of.
 *
 * @param seconds wall time of one run
 * @param bound the name of what takes most of it
 * @param terms what it consists of; in a roofline the shorter ones are hidden behind the longest,
 *     in a calibrated prediction they add up
 * @param explanation the same, for a person to read
 */
public record Prediction(double seconds, String bound, List<Term> terms, String explanation) {
  public Prediction {
    Objects.requireNonNull(bound, "bound");
    Objects.requireNonNull(explanation, "explanation");
    terms = List.copyOf(terms);
    if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "predicted %s s, but a time is finite and not negative".formatted(seconds));
    }
  }

  /**
   * With another term, unless it takes no time: in a roofline it is not hidden behind the others.
   */
  Prediction plus(Term term) {
    if (term.seconds() == 0) {
      return this;
    }
    List<Term> all = new ArrayList<>(terms);
    all.add(term);
    boolean most = all.stream().allMatch(other -> other.seconds() <= term.seconds());
    return new Prediction(
        seconds + term.seconds(),
        most ? term.name() : bound,
        all,
        String.format(
            Locale.ROOT, "%s, %.3f ms %s", explanation, term.seconds() * 1e3, term.name()));
  }

  /**
   * One after the other: terms of one name are added up.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Prediction sum(List<Prediction> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("no predictions, so no sum");
    }
    Map<String, Double> sums = new LinkedHashMap<>();
    double seconds = 0;
    for (Prediction part : parts) {
      seconds += part.seconds;
      part.terms.forEach(term -> sums.merge(term.name(), term.seconds(), Double::sum));
    }
    List<Term> terms =
        sums.entrySet().stream()
            .map(sum -> new Term(sum.getKey(), sum.getValue()))
            .sorted(Comparator.comparingDouble(Term::seconds).reversed())
            .toList();
    return new Prediction(
        seconds,
        terms.getFirst().name(),
        terms,
        String.format(
            Locale.ROOT,
            "sum of %d operations, most of it %s",
            parts.size(),
            terms.getFirst().name()));
  }
}

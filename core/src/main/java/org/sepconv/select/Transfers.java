package org.sepconv.select;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.sepconv.cost.CostModel;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cost.Prediction;
import org.sepconv.cost.Term;
import org.sepconv.spi.ConvBackend;

/** The predicted time of a run together with what must be moved for it. */
final class Transfers {
  private Transfers() {}

  /** One run on {@code backend}, with the data where the question has it. */
  static Prediction predict(
      Question question, ConvBackend backend, Function<ConvBackend, DeviceProfile> profiles) {
    Prediction run = Predictions.of(question.problem(), backend, profiles.apply(backend));
    if (!question.moves(backend)) {
      return run;
    }
    double seconds = seconds(question, profiles.apply(backend));
    if (question.otherHolder(backend).isPresent()) {
      seconds += seconds(question, profiles.apply(question.otherHolder(backend).get()));
    }
    List<Term> terms = new ArrayList<>(run.terms());
    terms.add(new Term("transfers", seconds));
    return new Prediction(
        run.seconds() + seconds,
        seconds > run.seconds() ? "transfers" : run.bound(),
        terms,
        String.format(Locale.ROOT, "%s, %.3f ms transfers", run.explanation(), seconds * 1e3));
  }

  /** Inputs one way, outputs the other. */
  private static double seconds(Question question, DeviceProfile profile) {
    return question.problem().tensors().stream()
        .mapToDouble(spec -> CostModel.transferSeconds(spec.bytes(), profile))
        .sum();
  }
}

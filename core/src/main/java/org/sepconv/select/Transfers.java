package org.sepconv.select;

import java.util.Locale;
import org.sepconv.TensorSpec;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cost.Roofline;
import org.sepconv.cost.Roofline.Prediction;
import org.sepconv.spi.ConvBackend;

/** The predicted time of a run together with what must be moved for it. */
final class Transfers {
  private Transfers() {}

  /** One run on {@code backend}, with the data where the question has it. */
  static Prediction predict(Question question, ConvBackend backend) {
    Prediction run =
        Roofline.predict(question.convolution(), question.source().shape(), backend.profile());
    if (!question.moves(backend)) {
      return run;
    }
    double seconds = seconds(question, backend.profile());
    if (question.otherHolder(backend).isPresent()) {
      seconds += seconds(question, question.otherHolder(backend).get().profile());
    }
    return new Prediction(
        run.seconds() + seconds,
        String.format(Locale.ROOT, "%s, %.3f ms transfers", run.explanation(), seconds * 1e3));
  }

  /** The input one way, the output the other, at the bandwidth that the device computes with. */
  private static double seconds(Question question, DeviceProfile profile) {
    long bytes = bytes(question.source()) + bytes(question.destination());
    return bytes / profile.bandwidth() + 2 * profile.launchSeconds();
  }

  private static long bytes(TensorSpec spec) {
    return (long) Float.BYTES * spec.shape().elements();
  }
}

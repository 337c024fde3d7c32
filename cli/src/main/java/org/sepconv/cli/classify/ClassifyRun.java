package org.sepconv.cli.classify;

import java.io.PrintWriter;
import java.util.List;
import org.sepconv.cli.text.Numbers;

/**
 * What {@code sepconv classify} did, as JSON:
 *
 * @param failed pictures that could not be read
 * @param prepareSeconds to prepare the network
 * @param seconds from the first picture to the last answer
 * @param decodeSeconds of all threads that decode and make tensors, beside each other and the runs
 * @param runSeconds of the network alone
 */
record ClassifyRun(
    String network,
    String weights,
    String device,
    int pictures,
    int failed,
    double prepareSeconds,
    double seconds,
    double decodeSeconds,
    double runSeconds,
    List<Answer> answers) {

  void print(PrintWriter out) {
    int done = pictures - failed;
    out.printf(
        "%n%d of %d pictures on %s in %s s: %s a second; prepared in %s s%n",
        done,
        pictures,
        device,
        Numbers.significant(seconds),
        Numbers.significant(done / seconds),
        Numbers.significant(prepareSeconds));
    if (done > 0) {
      out.printf(
          "a picture: decoding, resizing and normalising %s ms, the network %s ms%n",
          Numbers.significant(decodeSeconds / done * 1e3),
          Numbers.significant(runSeconds / done * 1e3));
    }
    out.flush();
  }
}

package org.sepconv.bench;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * What a fork found before it was timed; it comes back in a file, for JMH's results hold numbers of
 * the timed part alone.
 *
 * @param kernel what ran
 * @param prepareSeconds packing weights, compiling, loading what is native
 * @param firstSeconds the first run after that
 * @param errorOverBound the largest error over the bound of a correct float32 result
 */
public record ForkNotes(
    String kernel, double prepareSeconds, double firstSeconds, double errorOverBound) {

  /** Names the file, in a fork. */
  static final String FILE_PROPERTY = "sepconv.bench.notes";

  /** Leaves the reason why there are none. */
  static void writeFailure(Throwable failure) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("failure", describe(failure));
    store(properties);
  }

  private static String describe(Throwable failure) {
    String text = Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString);
    return failure instanceof RuntimeException ? text : failure.getClass().getName() + ": " + text;
  }

  /** Writes them where the system property says; nowhere if it says nothing. */
  void write() throws IOException {
    Properties properties = new Properties();
    properties.setProperty("kernel", kernel);
    properties.setProperty("prepare", Double.toString(prepareSeconds));
    properties.setProperty("first", Double.toString(firstSeconds));
    properties.setProperty("error", Double.toString(errorOverBound));
    store(properties);
  }

  private static void store(Properties properties) throws IOException {
    String file = System.getProperty(FILE_PROPERTY);
    if (file == null) {
      return;
    }
    try (Writer out = Files.newBufferedWriter(Path.of(file))) {
      properties.store(out, null);
    }
  }

  /**
   * The notes in a file, if the fork came so far; the file is deleted.
   *
   * @throws IllegalStateException if the fork left a reason instead, with it
   */
  static Optional<ForkNotes> take(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    Files.delete(file);
    String failure = properties.getProperty("failure");
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return Optional.of(
        new ForkNotes(
            properties.getProperty("kernel"),
            Double.parseDouble(properties.getProperty("prepare")),
            Double.parseDouble(properties.getProperty("first")),
            Double.parseDouble(properties.getProperty("error"))));
  }
}

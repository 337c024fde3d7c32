package org.sepconv.spark;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.sepconv.vision.Preset;

/** Settings that a session's configuration has, as {@code spark.sepconv.topK}. */
final class SessionSettings {
  static final String PREFIX = "spark.sepconv.";

  private SessionSettings() {}

  /**
   * The usual ones, but for those that are configured.
   *
   * @throws IllegalArgumentException if one cannot be, naming it and the way out
   */
  static NetworkSettings of(SparkSession spark) {
    RuntimeConfig conf = spark.conf();
    NetworkSettings usual = NetworkSettings.usual();
    NetworkSettings settings =
        usual
            .withBackend(conf.get(PREFIX + "backend", usual.backend()))
            .withThreads(number(conf, "threads", usual.threads()))
            .withBatchSize(number(conf, "batchSize", usual.batchSize()))
            .withInputSize(conf.get(PREFIX + "inputSize", ""))
            .withPreset(Preset.parse(conf.get(PREFIX + "preset", usual.preset().toString())))
            .withTopK(number(conf, "topK", usual.topK()))
            .withDecodingThreads(number(conf, "decodingThreads", usual.decodingThreads()));
    String labels = conf.get(PREFIX + "labels", "");
    return labels.isBlank() ? settings : settings.withLabels(labels(spark, labels));
  }

  private static int number(RuntimeConfig conf, String key, int usual) {
    String text = conf.get(PREFIX + key, String.valueOf(usual));
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(
          "%s%s is '%s', but must be a whole number".formatted(PREFIX, key, text));
    }
  }

  private static List<String> labels(SparkSession spark, String file) {
    byte[] text = SharedModel.read(spark, PREFIX + "labels", file);
    return new String(text, StandardCharsets.UTF_8).lines().map(String::strip).toList();
  }
}

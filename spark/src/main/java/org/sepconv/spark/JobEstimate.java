package org.sepconv.spark;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;

/**
 * What a job will take, before it starts: rounds of tasks, each of which decodes its pictures and
 * runs them on a core of its own. Storage, the network between machines and Spark's own work are
 * not in it: a job that takes much longer waits for one of them.
 *
 * @param pictures of all partitions
 * @param partitions of one size
 * @param cores that run a task each
 * @param decodeSeconds to decode, resize and normalise a picture, on one core
 * @param runSeconds of the network for a picture, on one core
 */
public record JobEstimate(
    long pictures, int partitions, int cores, double decodeSeconds, double runSeconds) {

  private static final int SECONDS_A_MINUTE = 60;

  public JobEstimate {
    if (pictures < 0 || partitions < 1 || cores < 1) {
      throw new IllegalArgumentException(
          "%d pictures, %d partitions and %d cores are no job: partitions and cores must be at least 1"
              .formatted(pictures, partitions, cores));
    }
    if (!(decodeSeconds >= 0) || !(runSeconds >= 0)) {
      throw new IllegalArgumentException(
          "%s s to decode and %s s to run are no times".formatted(decodeSeconds, runSeconds));
    }
  }

  /**
   * With what the cost model predicts for the network on this machine, and what decoding a sample
   * takes here: the executors' machines are taken for such ones.
   *
   * @param sample contents of some of the pictures; those that are broken are left out
   * @throws IllegalArgumentException if no picture of the sample can be read
   */
  static JobEstimate of(
      byte[] model,
      NetworkSettings settings,
      long pictures,
      int partitions,
      int cores,
      List<byte[]> sample) {
    SizedNetwork sized = SizedNetwork.of(model, settings);
    double decode = 0;
    int good = 0;
    // The first time is the JVM's: it compiles.
    for (int pass = 0; pass < 2; pass++) {
      decode = 0;
      good = 0;
      for (byte[] file : sample) {
        ReadPicture read =
            ReadPicture.of(
                Optional.of(new PictureColumn.Content(file, "the sample")), sized.preprocessing());
        if (read.good()) {
          decode += read.seconds();
          good++;
        }
      }
    }
    if (good == 0) {
      throw new IllegalArgumentException(
          "none of the %d pictures of the sample can be read".formatted(sample.size()));
    }
    try (Backends backends =
        Backends.discover(new BackendOptions(settings.threads(), Duration.ZERO, Map.of()))) {
      double batch =
          backends.predict(backends.backend(settings.backend()), sized.problem()).seconds();
      return new JobEstimate(
          pictures, partitions, cores, decode / good, batch / settings.batchSize());
    }
  }

  /** Seconds from the first task to the last: the rounds, one after the other. */
  public double seconds() {
    int rounds = Math.ceilDiv(partitions, cores);
    long each = Math.ceilDiv(pictures, (long) partitions);
    return rounds * (double) each * (decodeSeconds + runSeconds);
  }

  /**
   * The estimate beside what the job took.
   *
   * @param seconds of the job
   */
  public String beside(double seconds, JobMetrics metrics) {
    return String.format(
        Locale.ROOT,
        "predicted %.1f s, measured %.1f s; a picture: decoding predicted %.2f ms, measured %.2f ms; the network predicted %.2f ms, measured %.2f ms",
        seconds(),
        seconds,
        decodeSeconds * 1e3,
        metrics.decodeSeconds() / Math.max(1, metrics.decoded() + metrics.failed()) * 1e3,
        runSeconds * 1e3,
        metrics.runSeconds() / Math.max(1, metrics.run()) * 1e3);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d pictures in %d partitions on %d cores: about %.1f minutes (a picture: decoding %.2f ms, the network %.2f ms)",
        pictures,
        partitions,
        cores,
        seconds() / SECONDS_A_MINUTE,
        decodeSeconds * 1e3,
        runSeconds * 1e3);
  }
}

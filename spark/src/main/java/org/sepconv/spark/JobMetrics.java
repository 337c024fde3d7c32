package org.sepconv.spark;

import java.io.Serializable;
import java.util.Locale;
import org.apache.spark.SparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * What a job has done so far: accumulators, which Spark's UI shows on the page of each stage, in
 * total and for each task. Read on the driver.
 *
 * <p>Spark adds what tasks that succeeded did. What ran twice (a task whose executor died, a
 * dataset that was computed for two actions) is counted twice: rows are exact, these are for
 * people.
 */
public final class JobMetrics implements Serializable {
  private static final long serialVersionUID = 1;

  private static final String PREFIX = "sepconv: ";

  private final LongAccumulator decoded;
  private final LongAccumulator run;
  private final LongAccumulator failed;
  private final LongAccumulator bytes;
  private final LongAccumulator prepared;
  private final DoubleAccumulator decodeSeconds;
  private final DoubleAccumulator runSeconds;
  private final DoubleAccumulator prepareSeconds;

  JobMetrics(SparkContext context) {
    decoded = context.longAccumulator(PREFIX + "pictures decoded");
    run = context.longAccumulator(PREFIX + "pictures run");
    failed = context.longAccumulator(PREFIX + "pictures failed");
    bytes = context.longAccumulator(PREFIX + "bytes read");
    prepared = context.longAccumulator(PREFIX + "networks prepared");
    decodeSeconds = context.doubleAccumulator(PREFIX + "seconds decoding");
    runSeconds = context.doubleAccumulator(PREFIX + "seconds running");
    prepareSeconds = context.doubleAccumulator(PREFIX + "seconds preparing");
  }

  void addDecoded(long pictureBytes, double seconds, boolean good) {
    (good ? decoded : failed).add(1L);
    bytes.add(pictureBytes);
    decodeSeconds.add(seconds);
  }

  void addRun(int pictures, double seconds) {
    run.add((long) pictures);
    runSeconds.add(seconds);
  }

  void addPrepared(double seconds) {
    prepared.add(1L);
    prepareSeconds.add(seconds);
  }

  /** Pictures that were read and made tensors of. */
  public long decoded() {
    return decoded.sum();
  }

  /** Pictures that went through the network. */
  public long run() {
    return run.sum();
  }

  /** Pictures that could not be read: rows with an error. */
  public long failed() {
    return failed.sum();
  }

  /** Bytes of all pictures, as they came. */
  public long bytes() {
    return bytes.sum();
  }

  /** How often a network was prepared: once in each executor. */
  public long prepared() {
    return prepared.sum();
  }

  /** Of all threads that decode, resize and normalise. */
  public double decodeSeconds() {
    return decodeSeconds.sum();
  }

  /** Of all tasks, in the network. */
  public double runSeconds() {
    return runSeconds.sum();
  }

  /** Of all executors, from the bytes of the model to what runs. */
  public double prepareSeconds() {
    return prepareSeconds.sum();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d pictures decoded in %.2f s, %d run in %.2f s, %d failed, %d bytes; %d networks prepared in %.2f s",
        decoded(),
        decodeSeconds(),
        run(),
        runSeconds(),
        failed(),
        bytes(),
        prepared(),
        prepareSeconds());
  }
}

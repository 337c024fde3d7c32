package org.sepconv.spark;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.sepconv.spi.BackendOptions;
import org.sepconv.vision.Preset;

/**
 * How a network takes pictures, and what it says of them. Immutable.
 *
 * @param backend or device, as {@code sepconv devices} lists them
 * @param threads that a run of one task may use; with one, as many tasks as there are cores keep
 *     all of them busy, and nobody waits for anybody
 * @param batchSize pictures that the network takes at once
 * @param height of the pictures that the network takes, in pixels, where its model leaves it free;
 *     0 where the model says it
 * @param width the same
 * @param preset what the network was trained on
 * @param topK how many classes an answer has at most; 0 for the outputs as they are
 * @param labels of all classes; empty where they have none
 * @param decodingThreads that a task decodes with, beside its runs
 */
public record NetworkSettings(
    String backend,
    int threads,
    int batchSize,
    int height,
    int width,
    Preset preset,
    int topK,
    List<String> labels,
    int decodingThreads)
    implements Serializable {

  private static final int USUAL_TOP = 5;

  public NetworkSettings {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(preset, "preset");
    labels = List.copyOf(labels);
    atLeast("threads", threads, 1);
    if (threads > BackendOptions.MAX_THREADS) {
      throw new IllegalArgumentException(
          "threads is %d, but must be at most %d: it is those of one task, not of the cluster"
              .formatted(threads, BackendOptions.MAX_THREADS));
    }
    atLeast("batchSize", batchSize, 1);
    atLeast("decodingThreads", decodingThreads, 1);
    atLeast("topK", topK, 0);
    atLeast("height", height, 0);
    atLeast("width", width, 0);
    if (topK == 0 && !labels.isEmpty()) {
      throw new IllegalArgumentException(
          "there are %d labels, but topK is 0, which gives outputs without labels: set topK, or leave the labels out"
              .formatted(labels.size()));
    }
  }

  private static void atLeast(String what, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s is %d, but must be at least %d".formatted(what, value, least));
    }
  }

  /**
   * The backend {@code cpu} with one thread a task, a picture at a time, of the size that the model
   * says, as ImageNet's; the five likeliest classes by their numbers.
   */
  public static NetworkSettings usual() {
    return new NetworkSettings("cpu", 1, 1, 0, 0, Preset.IMAGENET, USUAL_TOP, List.of(), 1);
  }

  public NetworkSettings withBackend(String other) {
    return new NetworkSettings(
        other, threads, batchSize, height, width, preset, topK, labels, decodingThreads);
  }

  public NetworkSettings withThreads(int count) {
    return new NetworkSettings(
        backend, count, batchSize, height, width, preset, topK, labels, decodingThreads);
  }

  public NetworkSettings withBatchSize(int pictures) {
    return new NetworkSettings(
        backend, threads, pictures, height, width, preset, topK, labels, decodingThreads);
  }

  /** For models that leave the size of their pictures free. */
  public NetworkSettings withInputSize(int rows, int columns) {
    return new NetworkSettings(
        backend, threads, batchSize, rows, columns, preset, topK, labels, decodingThreads);
  }

  /**
   * The same as text.
   *
   * @param size {@code 48x192}, height x width; {@code 224} for squares; empty where the model says
   *     it
   * @throws IllegalArgumentException if it is none of these
   */
  public NetworkSettings withInputSize(String size) {
    String text = size.strip();
    if (text.isEmpty()) {
      return withInputSize(0, 0);
    }
    if (!text.matches("[1-9]\\d{0,8}(x[1-9]\\d{0,8})?")) {
      throw new IllegalArgumentException(
          "inputSize is '%s', but must be height x width, 48x192 for instance, or one number for squares"
              .formatted(size));
    }
    int cross = text.indexOf('x');
    int rows = Integer.parseInt(cross < 0 ? text : text.substring(0, cross));
    return withInputSize(rows, cross < 0 ? rows : Integer.parseInt(text.substring(cross + 1)));
  }

  public NetworkSettings withPreset(Preset other) {
    return new NetworkSettings(
        backend, threads, batchSize, height, width, other, topK, labels, decodingThreads);
  }

  public NetworkSettings withTopK(int most) {
    return new NetworkSettings(
        backend, threads, batchSize, height, width, preset, most, labels, decodingThreads);
  }

  public NetworkSettings withLabels(List<String> names) {
    return new NetworkSettings(
        backend, threads, batchSize, height, width, preset, topK, names, decodingThreads);
  }

  public NetworkSettings withDecodingThreads(int count) {
    return new NetworkSettings(
        backend, threads, batchSize, height, width, preset, topK, labels, count);
  }
}

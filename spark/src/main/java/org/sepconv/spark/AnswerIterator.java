package org.sepconv.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.sepconv.spi.OwningRun;
import org.sepconv.vision.Preprocessing;

/**
 * The rows of a partition through a network, in their order: batches on the task's own thread,
 * while others decode a few ahead, so that no more pictures are in memory however many there are.
 * Rows are taken from Spark on the task's thread alone, as it wants it.
 *
 * <p>Closed at the end of the rows, or of the task, whichever comes first.
 *
 * @param <T> a row that comes in
 * @param <R> a row that goes out
 */
final class AnswerIterator<T, R> implements Iterator<R>, AutoCloseable {
  /** Pictures that each decoding thread has ahead, beside those of the next batch. */
  private static final int AHEAD = 4;

  private final Iterator<T> rows;
  private final Function<T, Optional<PictureSource>> source;
  private final BiFunction<T, Answer, R> result;
  private final NetworkSettings settings;
  private final JobMetrics metrics;
  private final Preprocessing preprocessing;
  private final OwningRun run;
  private final ExecutorService decoding;
  private final PreparedNetworks.Lease lease;
  private final Deque<Future<Decoded<T>>> ahead = new ArrayDeque<>();
  private final List<Decoded<T>> waiting = new ArrayList<>();
  private final Deque<R> answered = new ArrayDeque<>();
  private boolean closed;

  /** A picture on its way. */
  private record Decoded<T>(T row, ReadPicture picture) {}

  /**
   * @param lease of the network; given back when this is closed
   */
  AnswerIterator(
      PreparedNetworks.Lease lease,
      NetworkSettings settings,
      JobMetrics metrics,
      Iterator<T> rows,
      Function<T, Optional<PictureSource>> source,
      BiFunction<T, Answer, R> result) {
    this.rows = rows;
    this.source = source;
    this.result = result;
    this.settings = settings;
    this.metrics = metrics;
    this.lease = lease;
    this.preprocessing = lease.network().preprocessing();
    this.run = lease.network().run();
    this.decoding =
        Executors.newFixedThreadPool(
            settings.decodingThreads(),
            Thread.ofPlatform().daemon().name("sepconv-decode-", 0).factory());
  }

  @Override
  public boolean hasNext() {
    while (answered.isEmpty() && !closed) {
      if (!step()) {
        close();
      }
    }
    return !answered.isEmpty();
  }

  @Override
  public R next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all pictures of the partition are answered");
    }
    return answered.remove();
  }

  /** One picture nearer to the next answer; false where there is none left. */
  private boolean step() {
    int most = settings.batchSize() + AHEAD * settings.decodingThreads();
    while (ahead.size() < most && rows.hasNext()) {
      T row = rows.next();
      ahead.add(
          decoding.submit(
              () -> new Decoded<>(row, ReadPicture.of(source.apply(row), preprocessing))));
    }
    if (ahead.isEmpty()) {
      return false;
    }
    Decoded<T> decoded = await(ahead.remove());
    ReadPicture picture = decoded.picture;
    metrics.addDecoded(picture.bytes(), picture.seconds(), picture.good());
    waiting.add(decoded);
    boolean last = ahead.isEmpty() && !rows.hasNext();
    int good = good();
    // Broken pictures do not pile up: they wait for a batch that has begun, and not for long.
    boolean full = good == settings.batchSize() || waiting.size() >= most;
    if (last || full || good == 0) {
      answer();
      waiting.clear();
    }
    return true;
  }

  private int good() {
    return (int) waiting.stream().filter(each -> each.picture.good()).count();
  }

  private static <V> V await(Future<V> future) {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      // Spark kills a task so, and sees by itself that it did.
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a picture was decoded", interrupted);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(failure.getCause());
    }
  }

  /** Runs a batch, of which the last pictures may be missing. */
  private void answer() {
    int batch = settings.batchSize();
    int good = good();
    List<float[]> outputs = new ArrayList<>();
    if (good > 0) {
      float[] inputs = new float[run.inputs().getFirst().spec().shape().elements()];
      int size = inputs.length / batch;
      int filled = 0;
      for (Decoded<T> decoded : waiting) {
        if (decoded.picture.good()) {
          System.arraycopy(decoded.picture.values(), 0, inputs, size * filled++, size);
        }
      }
      long start = System.nanoTime();
      run.inputs().getFirst().write(inputs);
      run.run();
      run.outputs().forEach(output -> outputs.add(output.read()));
      metrics.addRun(good, (System.nanoTime() - start) / 1e9);
    }
    int done = 0;
    for (Decoded<T> decoded : waiting) {
      Answer answer =
          decoded.picture.good()
              ? Answer.of(outputs, done++, settings)
              : new Answer.Failed(decoded.picture.error().orElseThrow());
      answered.add(result.apply(decoded.row, answer));
    }
  }

  /** Gives everything back; a second time, nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      decoding.shutdownNow();
      try (lease;
          run) {
        // Closed in the other order, whatever one of them throws.
      }
    }
  }
}

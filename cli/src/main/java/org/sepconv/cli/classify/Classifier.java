package org.sepconv.cli.classify;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.vision.Picture;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.PictureException;
import org.sepconv.vision.Preprocessing;

/**
 * Runs pictures through a network in batches. Others are decoded meanwhile, a few ahead, so that no
 * more of them are in memory however many there are.
 */
final class Classifier implements AutoCloseable {
  private static final int AHEAD = 4;

  private final Preprocessing preprocessing;
  private final PictureDecoder decoder = PictureDecoder.standard();
  private final int batch;
  private final int threads;
  private final OwningRun run;
  private final ExecutorService decoding;
  private double preparingSeconds;
  private double runningSeconds;

  /** A picture on its way. */
  private record Ready(String picture, Optional<String> error, float[] values, double seconds) {}

  /**
   * @param prepared for batches; closed by the caller
   * @param batch how many pictures the network takes at once
   * @param threads that decode
   */
  Classifier(Prepared prepared, Preprocessing preprocessing, int batch, int threads) {
    this.preprocessing = preprocessing.withThreads(1);
    this.batch = batch;
    this.threads = threads;
    this.run = OwningRun.of(prepared);
    this.decoding =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("decode-", 0).factory());
  }

  /**
   * Answers in the order of the pictures; a picture that cannot be read is an answer with its
   * error.
   *
   * @param each is told every answer as soon as it is there
   */
  void classify(List<Path> pictures, Answers answers, Consumer<Answer> each) {
    Deque<Future<Ready>> ahead = new ArrayDeque<>();
    List<Ready> waiting = new ArrayList<>();
    int next = 0;
    while (next < pictures.size() || !ahead.isEmpty()) {
      while (next < pictures.size() && ahead.size() < batch + AHEAD * threads) {
        Path picture = pictures.get(next++);
        ahead.add(decoding.submit(() -> prepare(picture)));
      }
      Ready ready = await(ahead.remove());
      preparingSeconds += ready.seconds;
      waiting.add(ready);
      boolean last = next == pictures.size() && ahead.isEmpty();
      if (last || waiting.stream().filter(one -> one.error.isEmpty()).count() == batch) {
        answer(waiting, answers, each);
        waiting.clear();
      }
    }
  }

  private Ready prepare(Path path) {
    long start = System.nanoTime();
    float[] values = {};
    Optional<String> error = Optional.empty();
    try {
      Picture picture = decoder.decode(path);
      values = preprocessing.tensor(picture).values();
    } catch (PictureException refused) {
      error = Optional.of(String.valueOf(refused.getMessage()));
    } catch (IllegalArgumentException refused) {
      error = Optional.of(path + ": " + refused.getMessage());
    }
    return new Ready(path.toString(), error, values, (System.nanoTime() - start) / 1e9);
  }

  private static Ready await(Future<Ready> future) {
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
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
  private void answer(List<Ready> some, Answers answers, Consumer<Answer> each) {
    float[] inputs = new float[run.inputs().getFirst().spec().shape().elements()];
    int size = inputs.length / batch;
    int count = 0;
    for (Ready ready : some) {
      if (ready.error.isEmpty()) {
        System.arraycopy(ready.values, 0, inputs, size * count++, size);
      }
    }
    float[] outputs = {};
    if (count > 0) {
      long start = System.nanoTime();
      run.inputs().getFirst().write(inputs);
      run.run();
      outputs = run.outputs().getFirst().read();
      runningSeconds += (System.nanoTime() - start) / 1e9;
    }
    int classes = outputs.length / batch;
    int done = 0;
    for (Ready ready : some) {
      if (ready.error.isPresent()) {
        each.accept(Answer.failed(ready.picture, ready.error.get()));
      } else {
        float[] own = Arrays.copyOfRange(outputs, classes * done, classes * (done + 1));
        done++;
        each.accept(answers.of(ready.picture, own));
      }
    }
  }

  /** Of all threads that decode, and make tensors of what they have decoded. */
  double preparingSeconds() {
    return preparingSeconds;
  }

  /** Of the network alone. */
  double runningSeconds() {
    return runningSeconds;
  }

  @Override
  public void close() {
    decoding.shutdownNow();
    run.close();
  }
}

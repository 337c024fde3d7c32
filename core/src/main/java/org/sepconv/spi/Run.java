package org.sepconv.spi;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A prepared operation bound to its tensors ({@link Prepared#bind}): checked once, to run many
 * times. Runs allocate nothing. For one thread at a time; other threads bind their own.
 */
public final class Run implements AutoCloseable {
  private final Prepared prepared;
  private Optional<Binding> binding;
  private boolean started;

  Run(Prepared prepared, Binding binding) {
    this.prepared = prepared;
    this.binding = Optional.of(binding);
  }

  /**
   * Computes every value of the outputs from those of the inputs; when it returns, the results can
   * be read.
   *
   * @throws IllegalStateException if this, what was prepared, a tensor or the backend is closed, or
   *     a run has been started and not awaited
   * @throws BackendException if the device fails
   */
  public void run() {
    start();
    await();
  }

  /**
   * Starts what {@link #run()} does, and returns at once where the device has a queue; elsewhere it
   * computes. Until {@link #await()} returns, the inputs may not be written nor the outputs read,
   * and closing what is used waits.
   *
   * @throws IllegalStateException as {@link #run()}
   * @throws BackendException if the device fails
   */
  public void start() {
    if (started) {
      throw new IllegalStateException("this run has been started already: await() it first");
    }
    binding().start();
    started = true;
  }

  /**
   * Waits until the results can be read.
   *
   * @throws IllegalStateException if nothing was started
   * @throws BackendException if the device fails
   */
  public void await() {
    if (!started) {
      throw new IllegalStateException("nothing to wait for: start() comes first");
    }
    started = false;
    binding().await();
  }

  /**
   * How long the kernels of the run that ended last were computing, by the device's own clock:
   * without the call, the queue and the pauses between kernels. Zero before the first run, and
   * where the device has no such clock.
   *
   * @throws IllegalStateException if this or what was prepared is closed
   */
  public Duration deviceTime() {
    return Duration.ofNanos(binding().deviceNanos());
  }

  /**
   * Has every run from now on time its parts one by one, at the price of two looks at the clock for
   * each; {@link #partTimes()} gives the times.
   *
   * @throws IllegalStateException if this is closed, or a run has been started and not awaited
   */
  public void timeParts() {
    if (started) {
      throw new IllegalStateException("parts can be timed from the next run on: await() this one");
    }
    binding().timeParts(true);
  }

  /**
   * How long each of the {@linkplain Prepared#parts() parts} took in the run that ended last, by
   * the host's clock: from its start until its results could be read. Zeros before the first run.
   *
   * @return empty unless {@link #timeParts()} was called
   * @throws IllegalStateException if this is closed
   */
  public List<Duration> partTimes() {
    return Arrays.stream(binding().partNanos()).mapToObj(Duration::ofNanos).toList();
  }

  private Binding binding() {
    return binding.orElseThrow(() -> new IllegalStateException("this run is closed"));
  }

  /** Waits for what was started, and gives back what runs need; the tensors stay open. */
  @Override
  public void close() {
    try {
      if (started) {
        await();
      }
    } finally {
      binding.ifPresent(prepared::giveBack);
      binding = Optional.empty();
    }
  }
}

package org.sepconv.select;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Calls what may never return, as a driver that hangs. The call has a daemon thread of its own,
 * with the caller's context class loader; where it does not answer in time, that thread is left
 * alone.
 *
 * @param limit how long to wait
 */
record BoundedCall(Duration limit) {
  private static final String SETTING = "sepconv.probeSeconds";
  private static final String VARIABLE = "SEPCONV_PROBE_SECONDS";
  private static final Duration USUAL = Duration.ofSeconds(30);

  /** The other side did not answer in time. */
  static final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Unanswered(Duration limit) {
      super("no answer within %s s".formatted(limit.toMillis() / 1e3));
    }

    /** What a user can do about it. */
    String remedy() {
      return "its driver or a library of it hangs: repair or remove it, or set "
          + VARIABLE
          + " to wait longer";
    }
  }

  /** As long as the environment or the system property says, or else half a minute. */
  static BoundedCall usual() {
    return new BoundedCall(
        Optional.ofNullable(System.getProperty(SETTING, System.getenv(VARIABLE)))
            .filter(text -> text.matches("[1-9][0-9]{0,8}"))
            .map(text -> Duration.ofSeconds(Long.parseLong(text)))
            .orElse(USUAL));
  }

  /**
   * What the call returns or throws.
   *
   * @param what names the thread
   * @throws Unanswered if it does neither in time
   */
  <T> T call(String what, Supplier<T> call) {
    FutureTask<T> task = new FutureTask<>(call::get);
    Thread.ofPlatform().daemon().name("sepconv-ask-" + what).start(task);
    long end = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
          interrupted = true; // the answer is waited for in any case: tell the caller after
        }
      }
    } catch (TimeoutException _) {
      throw new Unanswered(limit);
    } catch (ExecutionException failure) {
      throw switch (Objects.requireNonNull(failure.getCause())) {
        case RuntimeException exception -> exception;
        case Error error -> throw error;
        case Throwable impossible -> new IllegalStateException(impossible);
      };
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

package org.sepconv.select;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only where a test says so. */
final class FakeTime implements TimeSource {
  private final AtomicLong nanos = new AtomicLong();
  private volatile Instant now = Instant.parse("2026-03-01T12:00:00.25Z");

  @Override
  public long nanos() {
    return nanos.get();
  }

  @Override
  public Instant now() {
    return now;
  }

  void date(String instant) {
    now = Instant.parse(instant);
  }

  /** Lets this much time pass. */
  void pass(double milliseconds) {
    nanos.addAndGet(Math.round(milliseconds * 1e6));
  }

  /** Something that takes this long. */
  Runnable taking(double milliseconds) {
    return () -> pass(milliseconds);
  }

  /** All the time that passed. */
  double milliseconds() {
    return nanos.get() / 1e6;
  }
}

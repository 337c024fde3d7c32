package org.sepconv.select;

import java.time.Instant;

/** The clocks, so that a test can be sure of them. */
interface TimeSource {

  TimeSource SYSTEM =
      new TimeSource() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public Instant now() {
          return Instant.now();
        }
      };

  /** As {@link System#nanoTime()}. */
  long nanos();

  /** The date. */
  Instant now();
}

package org.sepconv.spi;

import java.util.Objects;

/** Whether an opened backend can run an operation. */
public sealed interface Support {

  Support YES = new Yes();

  /** {@code prepare} will accept it. */
  record Yes() implements Support {}

  /** {@code prepare} will refuse it. */
  record No(String reason) implements Support {
    public No {
      Objects.requireNonNull(reason, "reason");
    }
  }
}

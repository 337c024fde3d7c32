package org.sepconv.spi;

/**
 * What one run needs beside its tensors, made by {@link Prepared#execution()}. Serves one run after
 * the other, never two at once, from any thread; kept from run to run, so that no run allocates.
 */
public abstract class Execution {
  /** For backends. */
  protected Execution() {}

  /**
   * Starts to compute every value of the outputs; may as well have done so when it returns. The
   * tensors are this backend's, of the right shapes, and open until {@link #await()} returns.
   *
   * <p>An output may be the same tensor as an input that it may replace ({@link
   * org.sepconv.Problem#mayReplace}); then each value must be read before it is overwritten.
   *
   * @param inputs not to be kept after {@link #await()}
   * @param outputs not to be kept after {@link #await()}
   */
  protected abstract void start(Tensor[] inputs, Tensor[] outputs);

  /** Waits for what {@link #start} started; its outputs can be read afterwards. */
  protected void await() {
    // A backend without a queue has computed in start().
  }

  /**
   * Whether the device computes what is started in the order in which it is started: then another
   * execution of the same backend may be started, on what this one fills, before this one is
   * awaited, and one that was started before another has ended when that one has.
   */
  protected boolean isInOrder() {
    return false;
  }

  /**
   * In place of {@link #await()} where one that was started later {@linkplain #isInOrder() in
   * order} has ended: there is nothing left to wait for.
   */
  protected void ended() {
    await();
  }

  /**
   * How long the kernels of the run that ended last were computing, in nanoseconds by the device's
   * own clock; 0 where it has none.
   */
  protected long deviceNanos() {
    return 0;
  }

  /**
   * How many {@linkplain Prepared#parts() parts} it times by itself; 0 if it is one part itself.
   */
  int timedParts() {
    return 0;
  }

  /**
   * Has it write the nanoseconds of each of its parts there with every run, from an index on; into
   * an empty array, none.
   */
  void timeParts(long[] nanos, int from) {
    // Whoever starts it knows when it ends.
  }

  /**
   * Computes from arrays of the host to arrays of the host, for backends that can read and write
   * them. The arrays are of the right lengths, in the orders of the tensors' layouts; an output may
   * be an input that the operation may replace.
   *
   * @return false if this backend cannot: then the values go through tensors that are kept
   */
  protected boolean compute(float[][] inputs, float[][] outputs) {
    return false;
  }

  /** Gives back what it holds; called once, when nothing runs any more. */
  protected void release() {}
}

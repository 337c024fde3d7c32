package org.sepconv.spi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sepconv.TensorSpec;

/**
 * A {@link Run} of something prepared, on tensors of its own: zeros, until somebody writes them.
 * For one thread at a time.
 */
public final class OwningRun implements AutoCloseable {
  private final List<Tensor> inputs = new ArrayList<>();
  private final List<Tensor> outputs = new ArrayList<>();
  private final Run run;

  private OwningRun(Prepared prepared) {
    try {
      allocate(prepared.backend(), prepared.problem().inputs(), inputs);
      allocate(prepared.backend(), prepared.problem().outputs(), outputs);
      run = prepared.bind(inputs, outputs);
    } catch (RuntimeException | Error failure) {
      Closing.all(closings());
      throw failure;
    }
  }

  /**
   * Allocates all tensors; {@code prepared} stays the caller's.
   *
   * @throws BackendException if there is not enough memory
   */
  public static OwningRun of(Prepared prepared) {
    return new OwningRun(prepared);
  }

  /** The same, with these values in the inputs, each in the order of its layout. */
  public static OwningRun of(Prepared prepared, float[][] values) {
    OwningRun owning = new OwningRun(prepared);
    try {
      for (int i = 0; i < values.length; i++) {
        owning.inputs.get(i).write(values[i]);
      }
      return owning;
    } catch (RuntimeException | Error failure) {
      owning.close();
      throw failure;
    }
  }

  /** Has every run from now on timed part by part, as {@link Run#timeParts()}. */
  public void timeParts() {
    run.timeParts();
  }

  /** What each part took in the last run, as {@link Run#partTimes()}. */
  public List<Duration> partTimes() {
    return run.partTimes();
  }

  private static void allocate(ConvBackend backend, List<TensorSpec> specs, List<Tensor> into) {
    specs.forEach(spec -> into.add(backend.allocate(spec)));
  }

  public List<Tensor> inputs() {
    return List.copyOf(inputs);
  }

  public List<Tensor> outputs() {
    return List.copyOf(outputs);
  }

  /** Computes once, as {@link Run#run()}. Allocates nothing. */
  public void run() {
    run.run();
  }

  /** Gives the tensors back; a second time, nothing. */
  @Override
  public void close() {
    List<Runnable> closings = closings();
    closings.addFirst(run::close);
    Closing.all(closings);
  }

  private List<Runnable> closings() {
    List<Runnable> closings = new ArrayList<>();
    inputs.forEach(tensor -> closings.add(tensor::close));
    outputs.forEach(tensor -> closings.add(tensor::close));
    return closings;
  }
}

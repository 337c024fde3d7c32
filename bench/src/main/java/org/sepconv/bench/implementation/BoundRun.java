package org.sepconv.bench.implementation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.sepconv.TensorSpec;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;

/** A run of something prepared, bound to tensors of its own. For one thread at a time. */
public final class BoundRun implements AutoCloseable {
  private final Deque<Runnable> closings = new ArrayDeque<>();
  private final List<Tensor> outputs;
  private final Run run;

  private BoundRun(Prepared prepared, float[][] inputs) {
    try {
      List<Tensor> sources = allocate(prepared, prepared.problem().inputs());
      for (int i = 0; i < inputs.length; i++) {
        sources.get(i).write(inputs[i]);
      }
      outputs = allocate(prepared, prepared.problem().outputs());
      run = prepared.bind(sources, outputs);
      closings.push(run::close);
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  /**
   * Allocates all tensors and fills the inputs; {@code prepared} stays the caller's.
   *
   * @param inputs values of each input in the order of its layout
   */
  public static BoundRun of(Prepared prepared, float[][] inputs) {
    return new BoundRun(prepared, inputs);
  }

  private List<Tensor> allocate(Prepared prepared, List<TensorSpec> specs) {
    List<Tensor> tensors = new ArrayList<>();
    for (TensorSpec spec : specs) {
      Tensor tensor = prepared.backend().allocate(spec);
      closings.push(tensor::close);
      tensors.add(tensor);
    }
    return tensors;
  }

  /** Computes once. Allocates nothing. */
  public void run() {
    run.run();
  }

  /** Copies the first output to the host. */
  public void read(float[] values) {
    outputs.getFirst().read(values);
  }

  @Override
  public void close() {
    while (!closings.isEmpty()) {
      closings.pop().run();
    }
  }
}

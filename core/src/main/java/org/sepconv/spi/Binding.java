package org.sepconv.spi;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sepconv.TensorSpec;

/**
 * An {@link Execution} and the tensors that it runs on. Serves one run at a time; what it refers to
 * has been checked.
 */
final class Binding {
  private final Prepared prepared;
  private final Execution execution;
  final Tensor[] inputs;
  final Tensor[] outputs;
  final float[][] hostInputs;
  final float[][] hostOutputs;

  /** Tensors of its own, where runs from array to array need them. */
  private Optional<Tensors> kept = Optional.empty();

  /** What each part took in the last run; empty unless that is wanted. */
  private long[] partNanos = {};

  private long startedAt;

  private record Tensors(Tensor[] inputs, Tensor[] outputs) {}

  Binding(Prepared prepared, Execution execution) {
    this.prepared = prepared;
    this.execution = execution;
    this.inputs = new Tensor[prepared.problem().inputs().size()];
    this.outputs = new Tensor[prepared.problem().outputs().size()];
    this.hostInputs = new float[inputs.length][];
    this.hostOutputs = new float[outputs.length][];
  }

  void run() {
    start();
    await();
  }

  /** Starts a run; {@link #await()} must follow, unless this fails. */
  void start() {
    prepared.enter();
    int entered = 0;
    boolean started = false;
    try {
      for (; entered < inputs.length; entered++) {
        inputs[entered].enter();
      }
      for (; entered < inputs.length + outputs.length; entered++) {
        outputs[entered - inputs.length].enter();
      }
      startedAt = partNanos.length == 0 ? 0 : System.nanoTime();
      execution.start(inputs, outputs);
      started = true;
    } finally {
      if (!started) {
        leave(entered);
      }
    }
  }

  void await() {
    try {
      execution.await();
      if (partNanos.length > 0 && execution.timedParts() == 0) {
        partNanos[0] = System.nanoTime() - startedAt;
      }
    } finally {
      leave(inputs.length + outputs.length);
    }
  }

  /** Has every run from now on timed part by part, or none. */
  void timeParts(boolean wanted) {
    partNanos = new long[wanted ? Math.max(1, execution.timedParts()) : 0];
    execution.timeParts(partNanos, 0);
  }

  long[] partNanos() {
    return partNanos;
  }

  private void leave(int entered) {
    for (int i = 0; i < entered; i++) {
      (i < inputs.length ? inputs[i] : outputs[i - inputs.length]).leave();
    }
    prepared.leave();
  }

  /** Runs from array to array. */
  void runOnHost() {
    prepared.enter();
    try {
      prepared.backend().enter();
      try {
        if (!execution.compute(hostInputs, hostOutputs)) {
          runThroughTensors();
        }
      } finally {
        prepared.backend().leave();
      }
    } finally {
      prepared.leave();
    }
  }

  /** The backend has been entered, and nobody else has these tensors. */
  private void runThroughTensors() {
    if (kept.isEmpty()) {
      kept = Optional.of(allocate());
    }
    Tensor[] in = kept.get().inputs;
    Tensor[] out = kept.get().outputs;
    for (int i = 0; i < in.length; i++) {
      in[i].upload(MemorySegment.ofArray(hostInputs[i]));
    }
    execution.start(in, out);
    execution.await();
    for (int i = 0; i < out.length; i++) {
      out[i].download(MemorySegment.ofArray(hostOutputs[i]));
    }
  }

  /** A tensor for each: an output does not take an input's place here. */
  private Tensors allocate() {
    List<TensorSpec> specs = prepared.problem().tensors();
    List<Tensor> tensors = new ArrayList<>();
    try {
      specs.forEach(spec -> tensors.add(prepared.backend().allocateChecked(spec)));
    } catch (RuntimeException | Error failure) {
      tensors.forEach(Tensor::close);
      throw failure;
    }
    return new Tensors(
        tensors.subList(0, inputs.length).toArray(Tensor[]::new),
        tensors.subList(inputs.length, specs.size()).toArray(Tensor[]::new));
  }

  long deviceNanos() {
    prepared.enter();
    try {
      return execution.deviceNanos();
    } finally {
      prepared.leave();
    }
  }

  /** Keeps no tensor and no array alive, and times no parts. */
  void clear() {
    if (partNanos.length > 0) {
      timeParts(false);
    }
    Arrays.fill(inputs, null);
    Arrays.fill(outputs, null);
    Arrays.fill(hostInputs, null);
    Arrays.fill(hostOutputs, null);
  }

  /** Nothing runs any more. */
  void release() {
    List<Runnable> closings = new ArrayList<>();
    kept.ifPresent(
        tensors -> {
          List.of(tensors.inputs).forEach(tensor -> closings.add(tensor::close));
          List.of(tensors.outputs).forEach(tensor -> closings.add(tensor::close));
        });
    closings.add(execution::release);
    Closing.all(closings);
  }
}

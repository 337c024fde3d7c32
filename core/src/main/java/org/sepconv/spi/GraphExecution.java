package org.sepconv.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a run of a {@link ComposedGraph} needs: that of every node, and the tensors between them.
 */
final class GraphExecution extends Execution {
  private final SlotPlan plan;
  private final Execution[] executions;
  private final Tensor[] constants;
  private final Tensor[] slots;

  /** What each node takes and gives; those of the caller change with every run. */
  private final Tensor[][] inputs;

  private final Tensor[][] outputs;
  private long nanos;

  /** What each part took in the last run; empty unless that is wanted. */
  private long[] partNanos = {};

  /** Where in {@link #partNanos} the first part of each node is. */
  private final int[] firstPart;

  private long lastStarted;

  /**
   * @param constants stay open when this is released
   */
  GraphExecution(
      SlotPlan plan, List<Execution> executions, List<Tensor> constants, List<Tensor> slots) {
    this.plan = plan;
    this.executions = executions.toArray(Execution[]::new);
    this.constants = constants.toArray(Tensor[]::new);
    this.slots = slots.toArray(Tensor[]::new);
    this.inputs = new Tensor[executions.size()][];
    this.firstPart = new int[executions.size()];
    this.outputs = new Tensor[executions.size()][1];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = new Tensor[plan.nodes().get(i).inputs().size()];
    }
  }

  // Not run(): this run has entered everything already, and a close that waits for it would refuse
  // to let it enter again.
  @Override
  protected void start(Tensor[] given, Tensor[] wanted) {
    bind(given, wanted);
    nanos = 0;
    boolean started = false;
    try {
      for (int i = 0; i < executions.length; i++) {
        lastStarted = partNanos.length == 0 ? 0 : System.nanoTime();
        executions[i].start(inputs[i], outputs[i]);
        if (i < executions.length - 1) {
          end(i);
        }
      }
      started = true;
    } finally {
      if (!started) {
        forget();
      }
    }
  }

  /** Waits for a node, and counts what it took. */
  private void end(int node) {
    executions[node].await();
    nanos += executions[node].deviceNanos();
    if (partNanos.length > 0 && executions[node].timedParts() == 0) {
      partNanos[firstPart[node]] = System.nanoTime() - lastStarted;
    }
  }

  private void bind(Tensor[] given, Tensor[] wanted) {
    for (int i = 0; i < executions.length; i++) {
      SlotPlan.Places places = plan.nodes().get(i);
      for (int j = 0; j < inputs[i].length; j++) {
        inputs[i][j] = at(places.inputs().get(j), given, wanted);
      }
      outputs[i][0] = at(places.output(), given, wanted);
    }
  }

  private Tensor at(SlotPlan.Place place, Tensor[] given, Tensor[] wanted) {
    return switch (place) {
      case SlotPlan.Place.Input input -> given[input.index()];
      case SlotPlan.Place.Constant constant -> constants[constant.index()];
      case SlotPlan.Place.Output output -> wanted[output.index()];
      case SlotPlan.Place.Slot slot -> slots[slot.index()];
    };
  }

  @Override
  protected void await() {
    try {
      end(executions.length - 1);
    } finally {
      forget();
    }
  }

  /** Keeps no tensor of the caller alive. */
  private void forget() {
    for (int i = 0; i < executions.length; i++) {
      Arrays.fill(inputs[i], null);
      outputs[i][0] = null;
    }
  }

  @Override
  int timedParts() {
    int parts = 0;
    for (Execution execution : executions) {
      parts += Math.max(1, execution.timedParts());
    }
    return parts;
  }

  @Override
  void timeParts(long[] nanosOfParts, int from) {
    partNanos = nanosOfParts;
    int next = from;
    for (int i = 0; i < executions.length; i++) {
      firstPart[i] = next;
      executions[i].timeParts(nanosOfParts, next);
      next += Math.max(1, executions[i].timedParts());
    }
  }

  @Override
  protected long deviceNanos() {
    return nanos;
  }

  @Override
  protected void release() {
    List<Runnable> closings = new ArrayList<>();
    List.of(executions).forEach(execution -> closings.add(execution::release));
    List.of(slots).forEach(slot -> closings.add(slot::close));
    Closing.all(closings);
  }
}

package org.sepconv.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What a run of a {@link ComposedGraph} needs: that of every node, and the tensors between them.
 */
final class GraphExecution extends Execution {
  private final SlotPlan plan;
  private final Execution[] executions;
  private final Tensor[] constants;
  private final Tensor[] slots;

  /** The slots whose use begins with each node; none where they share no memory. */
  private final Tensor[][] beginning;

  /** What each node takes and gives; those of the caller change with every run. */
  private final Tensor[][] inputs;

  private final Tensor[][] outputs;

  /** What each part took in the last run; empty unless that is wanted. */
  private long[] partNanos = {};

  /** Where in {@link #partNanos} the first part of each node is. */
  private final int[] firstPart;

  private long lastStarted;

  /** The first node that has been started and neither awaited nor found to have ended. */
  private int firstPending;

  /**
   * @param constants stay open when this is released
   * @param sharing whether a slot lies on another
   */
  GraphExecution(
      SlotPlan plan,
      List<Execution> executions,
      List<Tensor> constants,
      List<Tensor> slots,
      IntPredicate sharing) {
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
    this.beginning = new Tensor[executions.size()][];
    for (int i = 0; i < beginning.length; i++) {
      int node = i;
      beginning[i] =
          IntStream.range(0, slots.size())
              .filter(slot -> plan.firstUse(slot) == node && sharing.test(slot))
              .mapToObj(slots::get)
              .toArray(Tensor[]::new);
    }
  }

  // Not run(): this run has entered everything already, and a close that waits for it would refuse
  // to let it enter again.
  @Override
  protected void start(Tensor[] given, Tensor[] wanted) {
    bind(given, wanted);
    firstPending = 0;
    int next = 0;
    boolean started = false;
    try {
      for (; next < executions.length; next++) {
        if (next > 0 && mustWait(next - 1)) {
          endAll(next - 1);
        }
        lastStarted = partNanos.length == 0 ? 0 : System.nanoTime();
        for (Tensor slot : beginning[next]) {
          slot.reuse();
        }
        executions[next].start(inputs[next], outputs[next]);
      }
      started = true;
    } finally {
      if (!started) {
        abandon(next);
      }
    }
  }

  /** Whether the node after this one may not be started before this one has ended. */
  private boolean mustWait(int node) {
    boolean timed = partNanos.length > 0;
    return timed || !executions[node].isInOrder() || !executions[node + 1].isInOrder();
  }

  /** Waits for a node, and so for those before it that nobody has waited for. */
  private void endAll(int last) {
    boolean ended = false;
    try {
      executions[last].await();
      while (firstPending < last) {
        executions[firstPending++].ended();
      }
      ended = true;
    } finally {
      if (!ended) {
        abandon(last);
      }
      firstPending = last + 1;
    }
    if (partNanos.length > 0 && executions[last].timedParts() == 0) {
      partNanos[firstPart[last]] = System.nanoTime() - lastStarted;
    }
  }

  /**
   * Something failed, and what is to be said of that is on its way: waits for the nodes before
   * {@code end} that may still use the tensors.
   */
  private void abandon(int end) {
    for (int i = firstPending; i < end; i++) {
      try {
        executions[i].await();
      } catch (RuntimeException _) {
        // The first failure is the one to tell.
      }
    }
    firstPending = executions.length;
    forget();
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
      endAll(executions.length - 1);
    } finally {
      forget();
    }
  }

  /** Whether all nodes are, so that what comes after this graph need not wait for it either. */
  @Override
  protected boolean isInOrder() {
    for (Execution execution : executions) {
      if (!execution.isInOrder()) {
        return false;
      }
    }
    return true;
  }

  @Override
  protected void ended() {
    try {
      while (firstPending < executions.length) {
        executions[firstPending++].ended();
      }
    } finally {
      forget();
    }
  }

  /** Keeps no tensor of the caller alive. */
  private void forget() {
    for (int i = 0; i < executions.length; i++) {
      Arrays.fill(inputs[i], null);
      Arrays.fill(outputs[i], null);
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
    long nanos = 0;
    for (Execution execution : executions) {
      nanos += execution.deviceNanos();
    }
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

package org.sepconv.spi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sepconv.Graph;
import org.sepconv.TensorSpec;

/**
 * Where the values of a graph lie while it runs: inputs and outputs in the tensors of the caller,
 * the others in slots, each of which serves one value after the other.
 */
final class SlotPlan {

  /** Where a value lies. */
  sealed interface Place {
    /** In an input of the graph. */
    record Input(int index) implements Place {}

    /** In a constant of the graph. */
    record Constant(int index) implements Place {}

    /** In an output of the graph. */
    record Output(int index) implements Place {}

    /** In a tensor between the nodes. */
    record Slot(int index) implements Place {}
  }

  /** Where a node finds its inputs, and leaves its output. */
  record Places(List<Place> inputs, Place output) {}

  private final List<TensorSpec> slots = new ArrayList<>();

  /** The first and the last node that uses each slot. */
  private final List<int[]> uses = new ArrayList<>();

  private final List<Places> nodes = new ArrayList<>();

  private SlotPlan() {}

  /**
   * Plans the slots of a graph.
   *
   * @param shared whether slots will share memory: then each serves one value only, and those that
   *     replace it
   */
  static SlotPlan of(Graph graph, List<Graph.Step> steps, boolean shared) {
    SlotPlan plan = new SlotPlan();
    Map<String, Place> places = new HashMap<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      places.put(graph.inputs().get(i).name(), new Place.Input(i));
    }
    for (int i = 0; i < graph.constants().size(); i++) {
      places.put(graph.constants().get(i).name(), new Place.Constant(i));
    }
    Map<String, Integer> lastUse = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (String source : steps.get(i).node().inputs()) {
        lastUse.put(source, i);
      }
    }
    // In the order of their numbers, so that the plan is the same every time.
    SortedMap<Integer, TensorSpec> free = new TreeMap<>();
    for (int i = 0; i < steps.size(); i++) {
      Graph.Step step = steps.get(i);
      int node = i;
      List<Place> inputs = step.node().inputs().stream().map(places::get).toList();
      List<Place.Slot> ending = new ArrayList<>();
      for (int j = 0; j < inputs.size(); j++) {
        if (inputs.get(j) instanceof Place.Slot slot
            && Objects.equals(lastUse.get(step.node().inputs().get(j)), i)
            && !ending.contains(slot)) {
          ending.add(slot);
        }
      }
      int output = graph.outputs().indexOf(step.node().name());
      Place place = output >= 0 ? new Place.Output(output) : plan.slot(step, inputs, ending, free);
      plan.use(place, node);
      inputs.forEach(input -> plan.use(input, node));
      for (Place.Slot slot : ending) {
        if (!slot.equals(place) && !shared) {
          free.put(slot.index, plan.slots.get(slot.index));
        }
      }
      if (place instanceof Place.Slot slot && !lastUse.containsKey(step.node().name()) && !shared) {
        free.put(slot.index, plan.slots.get(slot.index)); // nobody takes it
      }
      places.put(step.node().name(), place);
      plan.nodes.add(new Places(inputs, place));
    }
    return plan;
  }

  /**
   * That of an input which ends here and may be replaced, a free one of these looks, or another.
   */
  private Place.Slot slot(
      Graph.Step step,
      List<Place> inputs,
      List<Place.Slot> ending,
      SortedMap<Integer, TensorSpec> free) {
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i) instanceof Place.Slot slot
          && ending.contains(slot)
          && step.problem().mayReplace(i)
          && inputs.indexOf(slot) == inputs.lastIndexOf(slot)) {
        return slot;
      }
    }
    TensorSpec spec = step.problem().destination();
    for (Map.Entry<Integer, TensorSpec> candidate : free.entrySet()) {
      if (candidate.getValue().equals(spec)) {
        int index = candidate.getKey(); // removing it may put another key into this entry
        free.remove(index);
        return new Place.Slot(index);
      }
    }
    slots.add(spec);
    uses.add(new int[] {Integer.MAX_VALUE, 0});
    return new Place.Slot(slots.size() - 1);
  }

  private void use(Place place, int node) {
    if (place instanceof Place.Slot(int index)) {
      int[] use = uses.get(index);
      use[0] = Math.min(use[0], node);
      use[1] = Math.max(use[1], node);
    }
  }

  /** The node that uses a slot first. */
  int firstUse(int slot) {
    return uses.get(slot)[0];
  }

  /** The node that uses a slot last. */
  int lastUse(int slot) {
    return uses.get(slot)[1];
  }

  /** The tensors that a run needs between the nodes. */
  List<TensorSpec> slots() {
    return slots;
  }

  /** For each node of the graph, in its order. */
  List<Places> nodes() {
    return nodes;
  }
}

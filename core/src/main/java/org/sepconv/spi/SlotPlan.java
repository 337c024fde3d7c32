package org.sepconv.spi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final List<Places> nodes = new ArrayList<>();

  private SlotPlan() {}

  static SlotPlan of(Graph graph, List<Graph.Step> steps) {
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
    TreeMap<Integer, TensorSpec> free = new TreeMap<>();
    for (int i = 0; i < steps.size(); i++) {
      Graph.Step step = steps.get(i);
      List<Place> inputs = step.node().inputs().stream().map(places::get).toList();
      List<Place.Slot> ending = new ArrayList<>();
      for (int j = 0; j < inputs.size(); j++) {
        if (inputs.get(j) instanceof Place.Slot slot
            && lastUse.get(step.node().inputs().get(j)) == i
            && !ending.contains(slot)) {
          ending.add(slot);
        }
      }
      int output = graph.outputs().indexOf(step.node().name());
      Place place = output >= 0 ? new Place.Output(output) : plan.slot(step, inputs, ending, free);
      for (Place.Slot slot : ending) {
        if (!slot.equals(place)) {
          free.put(slot.index, plan.slots.get(slot.index));
        }
      }
      if (place instanceof Place.Slot slot && !lastUse.containsKey(step.node().name())) {
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
      TreeMap<Integer, TensorSpec> free) {
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
    return new Place.Slot(slots.size() - 1);
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

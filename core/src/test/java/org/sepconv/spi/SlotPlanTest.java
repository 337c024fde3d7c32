package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Shape;
import org.sepconv.graph.Networks;
import org.sepconv.spi.SlotPlan.Place;

class SlotPlanTest {
  private static final Shape INPUT = Shape.of(4, 8, 8);
  private static final Conv2d CONV = Conv2d.of(4, 4).kernel(3).same().build();
  private static final Conv2d NARROW = Conv2d.pointwise(4, 2).build();

  private static Graph.Builder builder() {
    return Graph.builder("g").input("input", INPUT);
  }

  private static SlotPlan plan(Graph graph) {
    return SlotPlan.of(graph, graph.steps(graph.problem()));
  }

  private static List<Place> outputs(SlotPlan plan) {
    return plan.nodes().stream().map(SlotPlan.Places::output).toList();
  }

  @Test
  void aChainTakesTwoSlots() {
    SlotPlan plan =
        plan(builder().add("a", CONV).add("b", CONV).add("c", CONV).add("d", CONV).build());
    assertEquals(
        List.of(new Place.Slot(0), new Place.Slot(1), new Place.Slot(0), new Place.Output(0)),
        outputs(plan));
    assertEquals(2, plan.slots().size());
    assertEquals(List.of(new Place.Input(0)), plan.nodes().getFirst().inputs());
  }

  @Test
  void whatIsNeededLaterStays() {
    SlotPlan plan =
        plan(
            builder()
                .add("a", CONV)
                .add("b", CONV)
                .add("c", CONV)
                .add("sum", Binary.add(), "a", "c")
                .add("d", CONV)
                .build());
    assertEquals(
        List.of(
            new Place.Slot(0),
            new Place.Slot(1),
            new Place.Slot(2),
            new Place.Slot(0), // in place of a, which ends here
            new Place.Output(0)),
        outputs(plan));
  }

  @Test
  void aSumOfOneValueWithItselfIsNotInPlace() {
    SlotPlan plan =
        plan(builder().add("a", CONV).add("sum", Binary.add(), "a", "a").add("b", CONV).build());
    assertEquals(List.of(new Place.Slot(0), new Place.Slot(1), new Place.Output(0)), outputs(plan));
  }

  @Test
  void otherLooksAreOtherSlots() {
    SlotPlan plan =
        plan(
            builder()
                .add("a", CONV)
                .add("b", NARROW)
                .add("c", Conv2d.pointwise(2, 4).build())
                .add("d", NARROW)
                .build());
    assertEquals(
        List.of(new Place.Slot(0), new Place.Slot(1), new Place.Slot(0), new Place.Output(0)),
        outputs(plan));
  }

  @Test
  void anOutputIsReadWhereItLies() {
    SlotPlan plan = plan(builder().add("a", CONV).add("b", CONV).build("b", "a"));
    assertEquals(List.of(new Place.Output(1), new Place.Output(0)), outputs(plan));
    assertEquals(List.of(new Place.Output(1)), plan.nodes().getLast().inputs());
    assertEquals(List.of(), plan.slots());
  }

  @Test
  void aValueThatNobodyTakesFreesItsSlot() {
    SlotPlan plan =
        plan(
            builder()
                .add("unused", CONV)
                .add("a", CONV, "input")
                .add("b", CONV)
                .add("c", CONV)
                .build());
    assertEquals(
        List.of(new Place.Slot(0), new Place.Slot(0), new Place.Slot(1), new Place.Output(0)),
        outputs(plan));
  }

  /** In a network many slots of different looks are free at once. */
  @Test
  void everyValueOfANetworkLiesInASlotOfItsLooksThatNoOtherNeeds() {
    for (String name : Networks.names()) {
      Graph graph = Networks.of(name, 32, 1);
      List<Graph.Step> steps = graph.steps(graph.problem());
      SlotPlan plan = plan(graph);
      Map<Place, String> holds = new HashMap<>();
      for (int i = 0; i < steps.size(); i++) {
        Graph.Node node = steps.get(i).node();
        for (int j = 0; j < node.inputs().size(); j++) {
          Place place = plan.nodes().get(i).inputs().get(j);
          if (place instanceof Place.Slot) {
            assertEquals(node.inputs().get(j), holds.get(place), node.name());
          }
        }
        if (plan.nodes().get(i).output() instanceof Place.Slot slot) {
          assertEquals(
              steps.get(i).problem().destination(), plan.slots().get(slot.index()), node.name());
          holds.put(slot, node.name());
        }
      }
    }
  }
}

package org.sepconv.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Graph;
import org.sepconv.Shape;

class AbsorbedTest {
  private static final Shape SHAPE = Shape.of(4, 5, 6);
  private static final Activate TANH = new Activate(Activation.TANH);

  private static final Graph BEFORE =
      Graph.builder("before")
          .input("x", SHAPE)
          .constant("k", SHAPE)
          .add("a", TANH, "x")
          .add("b", TANH, "a")
          .add("c", TANH, "b")
          .add("d", Binary.add(), "b", "c")
          .add("folded", TANH, "k")
          .add("table", TANH, "folded")
          .add("unused", TANH, "x")
          .add("e", Binary.add(), "d", "table")
          .build();

  private static final Graph AFTER =
      Graph.builder("after")
          .input("x", SHAPE)
          .constant("table", SHAPE)
          .add("b", TANH, "x")
          .add("e", Binary.add(), "b", "table")
          .build();

  @Test
  void whatStoodBetweenValuesThatAreLeftIsAPart() {
    Absorbed absorbed = new Absorbed(BEFORE, AFTER);
    assertEquals(List.of("a"), absorbed.by("b"));
    assertEquals(List.of("c", "d"), absorbed.by("e"));
    assertEquals(List.of("folded"), absorbed.by("table"));
    assertEquals(List.of(), absorbed.by("x"));
  }

  @Test
  void nothingIsAPartWhereNothingWasDone() {
    Absorbed absorbed = new Absorbed(BEFORE, BEFORE);
    BEFORE.nodes().forEach(node -> assertEquals(List.of(), absorbed.by(node.name())));
  }
}

package org.sepconv.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final List<String> taken = new ArrayList<>();

  @Test
  void eachRoundBeginsWithAnotherOne() {
    Turns<String> turns = new Turns<>(List.of("a", "b", "c"));
    for (int round = 0; round < 3; round++) {
      assertTrue(turns.round(_ -> true, taken::add));
    }
    assertEquals(List.of("a", "b", "c", "c", "a", "b", "b", "c", "a"), taken);
  }

  @Test
  void whoWantsNoneHasNone() {
    Turns<String> turns = new Turns<>(List.of("a", "b"));
    assertTrue(turns.round("b"::equals, taken::add));
    assertFalse(turns.round(_ -> false, taken::add));
    assertEquals(List.of("b"), taken);
  }

  @Test
  void oneMayLeaveInItsTurn() {
    List<String> all = new ArrayList<>(List.of("a", "b"));
    Turns<String> turns = new Turns<>(all);
    turns.round(_ -> true, all::remove);
    assertFalse(turns.round(_ -> true, taken::add));
    assertEquals(List.of(), taken);
  }
}

package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ArenaPlanTest {

  @Test
  void whatFollowsLiesWhereTheLastOneLay() {
    ArenaPlan plan =
        ArenaPlan.of(
            List.of(
                new ArenaPlan.Use(640, 0, 1),
                new ArenaPlan.Use(64, 1, 2),
                new ArenaPlan.Use(320, 2, 3),
                new ArenaPlan.Use(320, 3, 3)));
    assertArrayEquals(new long[] {0, 640, 0, 320}, plan.offsets());
    assertEquals(704, plan.bytes());
    assertTrue(plan.shares(0) && plan.shares(2) && plan.shares(3));
    assertFalse(plan.shares(1), "nothing else fits there");
  }

  @Test
  void oddSizesStartOnCacheLines() {
    ArenaPlan plan = ArenaPlan.of(List.of(new ArenaPlan.Use(65, 0, 1), new ArenaPlan.Use(4, 0, 1)));
    assertArrayEquals(new long[] {0, 128}, plan.offsets());
    assertEquals(192, plan.bytes());
    assertEquals(0, ArenaPlan.of(List.of()).bytes());
  }

  @Test
  void nothingThatIsUsedLiesOnAnother() {
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 200; round++) {
      List<ArenaPlan.Use> uses = new ArrayList<>();
      for (int i = random.nextInt(30); i >= 0; i--) {
        int first = random.nextInt(20);
        uses.add(new ArenaPlan.Use(1 + random.nextInt(1000), first, first + random.nextInt(5)));
      }
      ArenaPlan plan = ArenaPlan.of(uses);
      long least = 0;
      for (int step = 0; step < 25; step++) {
        long live = 0;
        for (int i = 0; i < uses.size(); i++) {
          ArenaPlan.Use one = uses.get(i);
          live += one.first() <= step && step <= one.last() ? one.bytes() : 0;
          for (int j = 0; j < i; j++) {
            ArenaPlan.Use other = uses.get(j);
            boolean together = one.first() <= other.last() && other.first() <= one.last();
            assertTrue(
                !together
                    || plan.offsets()[i] + one.bytes() <= plan.offsets()[j]
                    || plan.offsets()[j] + other.bytes() <= plan.offsets()[i]);
          }
        }
        least = Math.max(least, live);
      }
      assertTrue(plan.bytes() >= least);
      assertTrue(plan.bytes() <= 2 * least + 64 * uses.size(), () -> "wasteful: " + plan.bytes());
    }
  }
}

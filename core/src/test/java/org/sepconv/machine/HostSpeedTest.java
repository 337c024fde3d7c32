package org.sepconv.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.cache.DiskCache;
import org.sepconv.cost.Ceilings.Bandwidth;

class HostSpeedTest {
  @TempDir private Path folder;

  private DiskCache cache() {
    return new DiskCache(Optional.of(folder), "host-v1", 4);
  }

  @Test
  void isMeasuredOnceAndKept() {
    HostSpeed first = HostSpeed.of(1, cache());
    assertEquals(first, HostSpeed.of(1, cache()), "measured again");
    assertTrue(first.source().startsWith("measured: 1 thread"), first.source());
    assertTrue(first.flops() > 1e9, first::toString);
    assertTrue(first.bandwidths().size() > 1, first::toString);
  }

  @Test
  void moreThreadsThanProcessorsCountAsSoMany() {
    int processors = Runtime.getRuntime().availableProcessors();
    assertSame(HostSpeed.of(processors), HostSpeed.of(processors + 1));
    assertSame(HostSpeed.of(processors), HostSpeed.of(1024));
  }

  @Test
  void whatIsKeptIsReadAgain() {
    HostSpeed speed =
        new HostSpeed(
            "measured: 3 threads, 4 lanes",
            1.25e11,
            List.of(new Bandwidth(1024, 3e10), new Bandwidth(1 << 20, 1e10)));
    assertEquals(Optional.of(speed), HostSpeed.parse(speed.format()));
    assertEquals(
        "measured: 3 threads, 4 lanes: 125 GFLOP/s, 10 GB/s from memory", speed.toString());
  }

  @Test
  void somethingElseIsNotRead() {
    for (String text : List.of("", "a", "a\nb\n1 2\n", "a\n1\n", "a\n1\n5\n", "a\n-1\n1 2\n")) {
      assertEquals(Optional.empty(), HostSpeed.parse(text), text);
    }
  }

  @Test
  void theCeilingsAreThoseOfTheHost() {
    HostSpeed assumed = HostSpeed.assumed(4);
    assertEquals(4 * 80e9, assumed.ceilings(1e-6).flops());
    assertEquals(1e-6, assumed.ceilings(1e-6).launchSeconds());
    assertEquals(assumed.bandwidths(), assumed.ceilings(0).bandwidths());
  }
}

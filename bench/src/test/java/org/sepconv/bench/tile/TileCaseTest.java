package org.sepconv.bench.tile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is measured computes the right numbers: the same call, compared with plain sums. */
@DisplayName("micro-benchmarks of the emitted tiles")
class TileCaseTest {

  @BeforeAll
  static void needsVectors() {
    Assumptions.assumeTrue(hasVectors(), "this JVM was started without jdk.incubator.vector");
  }

  private static boolean hasVectors() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  static Stream<Arguments> tiles() {
    return hasVectors()
        ? IntStream.of(128, 256, 512)
            .boxed()
            .flatMap(
                bits ->
                    TileSpeeds.all(bits).stream()
                        .map(tile -> Arguments.of(bits, tile.name(), tile)))
        : Stream.empty();
  }

  @ParameterizedTest(name = "{0} bits: {1}", allowZeroInvocations = true)
  @MethodSource("tiles")
  void theCallThatIsTimedComputesPlainSums(int bits, String name, TileCase tile) {
    tile.run();
    double[] expected = tile.expected();
    assertEquals(expected.length, tile.output().length);
    int written = 0;
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], (double) tile.output()[i], name + ", output " + i);
      written += Double.isNaN(expected[i]) ? 0 : 1;
    }
    assertTrue(written > 0 && tile.flops() % (2L * written) == 0, "FLOPs of what is written");
  }

  @Test
  void everyFamilyAndEveryHeightIsThere() {
    List<String> names = TileSpeeds.all(256).stream().map(TileCase::name).toList();
    for (String family : List.of("depthwise", "window 13 columns", "window groups of", "planar")) {
      assertTrue(names.stream().anyMatch(name -> name.startsWith(family)), family);
    }
    for (int rows = 1; rows <= 5; rows++) {
      String shape = "matrix " + rows + "x2";
      assertTrue(names.stream().anyMatch(name -> name.startsWith(shape)), shape);
    }
  }
}

package org.sepconv.cpu.tile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.cpu.VectorModule;

/** Every lane is the one that was asked for, and those that are not stored stay as they were. */
class LaneTileTest {
  private static final int PIXELS = 5;
  private static final int ROUNDS = 50;

  @BeforeEach
  void needsTheVectorApi() {
    VectorModule.assumePresent();
  }

  @ParameterizedTest
  @CsvSource({
    "128, 2, true", "128, 2, false", "128, 4, true", "128, 4, false",
    "256, 2, true", "256, 2, false", "256, 4, true", "256, 4, false",
    "512, 2, true", "512, 2, false", "512, 4, true", "512, 4, false",
  })
  void putsLanesTogether(int bits, int sources, boolean whole) {
    VectorEmitter emitter = new VectorEmitter(TileChoice.standard(bits));
    LaneTile tile = emitter.laneTile(sources, whole).tile().orElseThrow();
    int lanes = emitter.lanes();
    int block = PIXELS * lanes;
    SplittableRandom random = new SplittableRandom(bits + sources);
    float[] from = new float[LaneTile.MOST_SOURCES * block];
    for (int i = 0; i < from.length; i++) {
      from[i] = i;
    }
    for (int round = 0; round < ROUNDS; round++) {
      int[] shuffles = new int[sources * lanes];
      boolean[][] masks = new boolean[sources + 1][lanes];
      float[] expected = new float[block + 2 * lanes];
      Arrays.fill(expected, -1);
      float[] to = expected.clone();
      for (int lane = 0; lane < lanes; lane++) {
        if (!whole && random.nextBoolean()) {
          continue;
        }
        int source = random.nextInt(sources);
        int place = random.nextInt(lanes);
        shuffles[source * lanes + lane] = place;
        masks[source][lane] = true;
        masks[sources][lane] = true;
        for (int p = 0; p < PIXELS; p++) {
          expected[lanes + p * lanes + lane] = from[source * block + p * lanes + place];
        }
      }
      Object[] both = emitter.shufflesAndMasks(shuffles, masks);
      tile.compute(from, 0, block, 2 * block, 3 * block, to, lanes, PIXELS, both);
      assertArrayEquals(expected, to);
    }
  }
}

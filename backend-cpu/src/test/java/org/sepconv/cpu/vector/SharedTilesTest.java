package org.sepconv.cpu.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.cpu.VectorModule;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.tile.VectorEmitter;

@DisplayName("tiles that many layers share, since the JVM compiles each")
class SharedTilesTest {

  @BeforeAll
  static void vectors() {
    VectorModule.assumePresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  @DisplayName("pixels lie at few distances, none of them a power of two")
  void distances(int bits) {
    VectorEmitter emitter = new VectorEmitter(TileChoice.standard(bits));
    int lanes = emitter.lanes();
    assertEquals(4, IntStream.rangeClosed(1, 1152).map(emitter::pixelStride).distinct().count());
    for (int channels = 1; channels <= 1152; channels++) {
      int stride = emitter.pixelStride(channels);
      assertTrue(stride >= emitter.pixelFloats(channels), channels + " channels");
      assertEquals(0, stride % lanes, "whole vectors");
      assertNotEquals(0, stride & stride - 1, "a power of two");
    }
    assertEquals(2048 + lanes, emitter.pixelStride(2048), "many channels waste nothing");
  }

  @Test
  @DisplayName("and a product of one pixel depends on no distance")
  void onePixel() {
    MatrixAccess few = new MatrixAccess(96, new int[] {0}, 136, 1, 0, 4, false, 1);
    MatrixAccess many = new MatrixAccess(96, new int[] {0}, 1160, 1, 0, 96, false, 1);
    assertEquals(few.rows(1), many.rows(1));
    assertEquals(few.outStride(), many.outStride());
    MatrixAccess two = new MatrixAccess(96, new int[] {0}, 136, 2, 0, 4, false, 2);
    assertEquals(136, two.rows(2).stride());
    assertEquals(4, two.outStride());
  }
}

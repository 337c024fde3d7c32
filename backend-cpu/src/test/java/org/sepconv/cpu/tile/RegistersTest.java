package org.sepconv.cpu.tile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Activation;
import org.sepconv.cpu.tile.DepthwiseTileEmitter.Taps;
import org.sepconv.cpu.tile.WindowTileEmitter.Distances;

@DisplayName("vector registers")
class RegistersTest {
  private static final Clamp CLAMP = Clamp.of(new Activation.Relu());
  private static final MatrixTileEmitter.Part PART = MatrixTileEmitter.Part.of(0, 1, false);

  private static Runnable matrix(int bits, int rows, int vectors) {
    var tile =
        new MatrixTileEmitter.Description(
            bits, new TileRows(rows, 8, rows, 0), vectors, 1, false, false, 8, PART, CLAMP);
    return () -> new MatrixTileEmitter(tile).emit();
  }

  private static Runnable depthwise(int bits, int pixels) {
    var tile =
        new DepthwiseTileEmitter.Description(
            bits, pixels, new Taps(3, 3, 1, 1), 8, false, false, false, CLAMP);
    return () -> new DepthwiseTileEmitter(tile).emit();
  }

  private static Runnable window(int bits, int pixels, int columns) {
    var distances = Distances.ofGroups(pixels, 8, columns, 8, bits / Float.SIZE, 8);
    var tile = new WindowTileEmitter.Description(bits, distances, false, false, CLAMP);
    return () -> new WindowTileEmitter(tile).emit();
  }

  private static Runnable planar(int bits, int outputs, int vectors, int unrolled) {
    var tile =
        new PlanarTileEmitter.Description(
            bits, new PlanarTileEmitter.Shape(outputs, vectors, 1, unrolled), CLAMP);
    return () -> new PlanarTileEmitter(tile).emit();
  }

  /** One register too many, of each family. */
  static Stream<Arguments> spilling() {
    return Stream.of(
        Arguments.of("matrix 7x2", 256, 17, matrix(256, 7, 2)),
        Arguments.of("matrix 4x3", 256, 16, matrix(256, 4, 3)),
        Arguments.of("matrix 14x1", 128, 16, matrix(128, 14, 1)),
        Arguments.of("matrix 7x4", 512, 33, matrix(512, 7, 4)),
        Arguments.of("depthwise", 256, 16, depthwise(256, 14)),
        Arguments.of("depthwise", 512, 32, depthwise(512, 30)),
        Arguments.of("window", 256, 16, window(256, 12, 3)),
        Arguments.of("window", 512, 32, window(512, 26, 5)),
        Arguments.of("planar 2x5", 256, 17, planar(256, 2, 5, 0)),
        Arguments.of("planar 1x7, nine taps", 128, 16, planar(128, 1, 7, 9)));
  }

  @ParameterizedTest(name = "{0}, {1} bits")
  @MethodSource("spilling")
  void aTileThatWouldSpillIsNotEmitted(String tile, int bits, int needed, Runnable emit) {
    String refusal = assertThrows(IllegalArgumentException.class, emit::run).getMessage();
    String end =
        "needs %d vector registers, but of %d bits there are %d: make it smaller, or its fences closer"
            .formatted(needed, bits, bits == 512 ? 31 : 15);
    assertTrue(refusal.endsWith(end), refusal);
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void whatIsOfferedFits(int bits) {
    int usable = Registers.usable(bits);
    VectorEmitter emitter = new VectorEmitter(TileChoice.standard(bits));
    for (MatrixTileShape shape : MatrixTileShape.offered(bits)) {
      assertTrue(shape.registers() <= usable, shape::toString);
    }
    for (int pixels = 1; pixels <= 4; pixels++) {
      for (int outputs = 1; outputs < 20; outputs++) {
        MatrixTileShape few = MatrixTileShape.ofFewRows(bits, pixels, outputs).orElseThrow();
        assertTrue(few.registers() <= usable, few::toString);
      }
    }
    for (int columns = 1; columns <= VectorEmitter.MAX_WINDOW_COLUMNS; columns++) {
      int pixels = emitter.maxWindowPixels(columns, false);
      Distances distances = Distances.ofGroups(pixels, 8, columns, 8, 8, 8);
      assertTrue(distances.registers() <= usable, distances::toString);
    }
    for (int outputs = 1; outputs <= 4; outputs++) {
      for (int depth = 1; depth < 40; depth++) {
        PlanarTileEmitter.Shape shape = PlanarTileEmitter.Shape.of(outputs, 1, depth, bits);
        assertTrue(shape.registers() <= usable, shape::toString);
      }
    }
  }

  @Test
  void theTilesThatWereMeasuredNeedThese() {
    assertEquals(15, new MatrixTileShape(6, 2).registers());
    assertEquals(13, new MatrixTileShape(5, 2).registers());
    assertEquals(14, new MatrixTileShape(12, 1).registers());
    assertEquals(31, new MatrixTileShape(14, 2).registers());
    assertEquals(15, Distances.ofGroups(11, 8, 3, 8, 8, 8).registers());
  }
}

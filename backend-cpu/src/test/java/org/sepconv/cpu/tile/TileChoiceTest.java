package org.sepconv.cpu.tile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cpu.VectorModule;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;

@DisplayName("the choice of matrix tiles")
class TileChoiceTest {

  @Test
  void takesWideTilesForShallowProductsAndTallOnesForDeep() {
    TileChoice choice = TileChoice.standard(512);
    assertEquals("6x4", choice.shape(128, Integer.MAX_VALUE).toString());
    assertEquals("14x2", choice.shape(129, Integer.MAX_VALUE).toString());
  }

  @Test
  void takesTheTileThatDoesNotSpillWithSixteenRegisters() {
    TileChoice choice = TileChoice.standard(256);
    assertEquals("6x2", choice.shape(32, Integer.MAX_VALUE).toString());
    assertEquals("6x2", choice.shape(1024, Integer.MAX_VALUE).toString());
  }

  @Test
  void fillsTallTilesWithShortRuns() {
    assertEquals("14x2", TileChoice.standard(512).shape(32, 7).toString());
    assertEquals("12x1", TileChoice.standard(256).shape(32, 4).toString());
    // One run of 7 would leave 5 of 12 rows empty.
    assertEquals("6x2", TileChoice.standard(256).shape(32, 7).toString());
  }

  @Test
  void forcesOneTileWhateverTheProduct() {
    TileChoice choice = TileChoice.forced(512, MatrixTileShape.of(512, 3));
    assertEquals("8x3", choice.shape(32, 7).toString());
    assertEquals("8x3", choice.shape(1024, Integer.MAX_VALUE).toString());
  }

  /** C1 gives larger ones up, and then the JVM may never compile them with C2. */
  @Test
  void leavesMaskedTilesSmall() {
    VectorEmitter emitter = new VectorEmitter(TileChoice.standard(512));
    assertEquals(14, emitter.maxRows(1, false));
    assertEquals(7, emitter.maxRows(1, true));
    assertEquals(7, emitter.maxPixels(9, 3, false));
    assertEquals(4, emitter.maxPixels(9, 3, true));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void isReadBackFromItsText(int bits) {
    TileChoice choice = TileChoice.standard(bits);
    assertEquals(Optional.of(choice), TileChoice.parse(choice.toString(), bits));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "any", "any:", "any:7x7", "128:6x4", "x:6x4 any:14x2", "any:12x1"})
  void isNotReadFromAnythingElse(String text) {
    assertEquals(Optional.empty(), TileChoice.parse(text, 512));
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 512})
  void hasNoInfluenceOnTheNumbers(int bits) {
    VectorModule.assumePresent();
    float[] expected = output(bits, "static");
    for (MatrixTileShape shape : MatrixTileShape.offered(bits)) {
      assertArrayEquals(expected, output(bits, shape.toString()), shape.toString());
    }
  }

  /** Of a product so deep that its sums are made in parts. */
  private static float[] output(int bits, String tile) {
    Conv2d conv = Conv2d.of(700, 70).kernel(3).same().bias().relu().build();
    Random random = new Random(5);
    float[] filter = values(conv.filterSize(), random);
    float[] bias = values(conv.outChannels(), random);
    Shape input = Shape.of(700, 3, 5);
    BackendOptions options =
        BackendOptions.defaults()
            .withThreads(1)
            .withWarmUp(Duration.ZERO)
            .with("cpu.vector-bits", "" + bits)
            .with("cpu.tile", tile);
    try (Backends backends = Backends.discover(options);
        var prepared =
            backends
                .backend("cpu")
                .prepare(Problem.of(conv, TensorSpec.nchw(input)), ConvWeights.of(filter, bias))) {
      float[] output = new float[conv.outputShape(input).elements()];
      prepared.run(values(input.elements(), random), output);
      return output;
    }
  }

  private static float[] values(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}

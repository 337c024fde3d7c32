package org.sepconv.cpu.tile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Activation;
import org.sepconv.cpu.VectorModule;
import org.sepconv.cpu.tile.DepthwiseTileEmitter.Taps;
import org.sepconv.cpu.tile.MatrixTileEmitter.Part;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * What computes until a tuned tile is compiled gives the same bits: in plain loops, and emitted.
 */
class UntunedTilesTest {
  private static final List<Clamp> CLAMPS =
      List.of(new Clamp(-0.5f, 0.75f), new Clamp(0, 0.75f), Clamp.of(Activation.HARD_SWISH));
  private final SplittableRandom random = new SplittableRandom(7);

  private static final int[] STEPS = {1, 2, 3, 4};

  @BeforeEach
  void needsTheVectorApi() {
    VectorModule.assumePresent();
  }

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 8 * random.nextFloat() - 4; // all three pieces of hard-swish
    }
    return values;
  }

  private static List<GeneralMatrixTile> matrixTiles(int bits) {
    return List.of(
        new PlainMatrixTile(bits / Float.SIZE),
        new GeneralMatrixTileEmitter(new GeneralMatrixTileEmitter.Description(bits)).emit());
  }

  private static List<GeneralDepthwiseTile> depthwiseTiles(int bits) {
    return List.of(
        new PlainDepthwiseTile(bits / Float.SIZE),
        new GeneralDepthwiseTileEmitter(new GeneralDepthwiseTileEmitter.Description(bits)).emit());
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void products(int bits) {
    int lanes = bits / Float.SIZE;
    List<Part> parts =
        List.of(
            new Part(true, false, false), new Part(false, true, true), new Part(true, true, true));
    for (int count : new int[] {1, 4, 5, 6, 12}) {
      for (int vectors = 1; vectors <= 3; vectors++) {
        if (new MatrixTileShape(count, vectors).registers() > Registers.usable(bits)) {
          continue; // is refused
        }
        for (int run : new int[] {count, Math.max(1, count / 2)}) {
          for (Part part : parts) {
            TileRows rows = new TileRows(count, 11, run, run < count ? 100 : 0);
            for (Clamp clamp : CLAMPS) {
              for (int steps : STEPS) {
                for (boolean taps : new boolean[] {false, true}) {
                  matrixTile(
                      new MatrixTileEmitter.Description(
                          bits, rows, vectors, steps, taps, false, lanes, part, clamp));
                }
              }
            }
          }
        }
      }
    }
  }

  private void matrixTile(MatrixTileEmitter.Description tile) {
    int lanes = tile.bits() / Float.SIZE;
    int count = tile.rows().count();
    int width = tile.vectors() * lanes;
    int[] taps = tile.taps() ? new int[] {0, 4, 2} : new int[] {3};
    int depth = tile.steps() == 1 ? 3 : 12;
    float[] a = floats(tile.rows().next() + tile.rows().offset(count - 1) + 20);
    float[] panel = floats(taps.length * depth * width);
    float[] bias = MatrixTile.bias(floats(width), width);
    int vectorStep = 2 * count * lanes;
    float[] given = floats(tile.vectors() * vectorStep + 32);
    int tiles = MatrixTileEmitter.loops(tile.bits()) && tile.rows().run() == count ? 2 : 1;
    float[] expected = given.clone();
    MatrixTile tuned = new MatrixTileEmitter(tile).emit();
    // The addend is where the output goes, as it is for a residual.
    boolean lost =
        tuned.compute(
            a,
            1,
            taps,
            depth,
            panel,
            0,
            bias,
            0,
            expected,
            3,
            expected,
            3,
            vectorStep,
            width,
            tiles,
            0);
    assertFalse(lost, tile::toString);
    tuned.tinyProblem(tile.rows(), tile.taps(), lanes, false, tile.vectors(), lanes).once().run();
    for (GeneralMatrixTile general : matrixTiles(tile.bits())) {
      float[] actual = given.clone();
      new UntunedMatrixTile(tile, () -> general)
          .compute(
              a,
              1,
              taps,
              depth,
              panel,
              0,
              bias,
              0,
              actual,
              3,
              actual,
              3,
              vectorStep,
              width,
              tiles,
              0);
      assertArrayEquals(expected, actual, () -> general + " for " + tile);
    }
    a[1 + taps[0] + tile.rows().offset(count - 1)] = Float.NaN;
    float[] out = given.clone();
    lost =
        tuned.compute(
            a, 1, taps, depth, panel, 0, bias, 0, out, 3, out, 3, vectorStep, width, tiles, 0);
    assertEquals(tile.boundsBits(), lost, tile::toString);
    assertTrue(lost || hasNaN(out), tile::toString);
  }

  private static boolean hasNaN(float[] values) {
    return IntStream.range(0, values.length).anyMatch(i -> Float.isNaN(values[i]));
  }

  @Test
  void bitsAreBoundedWhereZeroIsTheLowerBoundAndNothingIsAdded() {
    Clamp relu = Clamp.of(new Activation.Relu());
    assertTrue(relu.boundsBits(256));
    assertTrue(Clamp.of(new Activation.Relu6()).boundsBits(128));
    assertFalse(relu.boundsBits(512));
    assertFalse(Clamp.NONE.boundsBits(256));
    assertFalse(new Clamp(-0f, 6).boundsBits(256));
    assertFalse(new Clamp(0, -1).boundsBits(256));
    assertFalse(new Clamp(-1, 1).boundsBits(256));
    assertFalse(Clamp.of(Activation.HARD_SWISH).boundsBits(256));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void depthwise(int bits) {
    for (int pixels : new int[] {1, 3, 7}) {
      for (int kernel : new int[] {1, 3, 5}) {
        for (int stride = 1; stride <= 2; stride++) {
          for (int dilation = 1; dilation <= 2; dilation++) {
            int border = kernel / 2 * dilation;
            Taps taps = new Taps(kernel, kernel, stride, dilation).padded(border, border, false);
            for (Clamp clamp : CLAMPS) {
              depthwiseTile(
                  new DepthwiseTileEmitter.Description(
                      bits,
                      pixels,
                      taps.within(pixels),
                      bits / Float.SIZE,
                      false,
                      false,
                      clamp.hardSwish(),
                      clamp));
            }
          }
        }
      }
    }
  }

  private void depthwiseTile(DepthwiseTileEmitter.Description tile) {
    int lanes = tile.bits() / Float.SIZE;
    Taps taps = tile.taps();
    int border = taps.left();
    int outputs = 2 * tile.pixels();
    int width = (outputs - 1) * taps.stride() + 1;
    int height = 4;
    int row = width * lanes;
    int plane = (height + 1) * row;
    float[] src = floats(2 * plane + 32);
    for (int block = 0; block < 2; block++) {
      Arrays.fill(src, block * plane, block * plane + row, 0);
    }
    int[] starts =
        IntStream.range(0, 2 * taps.rows()).map(i -> (i % (height + 1) - 1) * row).toArray();
    float[] weights = floats(2 * (taps.count() + 1) * lanes);
    int outRow = outputs * lanes;
    float[] given = floats(4 * outRow + 32);
    float[] expected = given.clone();
    DepthwiseTile tuned = new DepthwiseTileEmitter(tile).emit();
    boolean lost =
        compute(tuned, src, row, plane, starts, border, width, weights, expected, outRow, lanes);
    assertFalse(lost, tile::toString);
    for (GeneralDepthwiseTile general : depthwiseTiles(tile.bits())) {
      float[] actual = given.clone();
      compute(
          new UntunedDepthwiseTile(tile, () -> general),
          src,
          row,
          plane,
          starts,
          border,
          width,
          weights,
          actual,
          outRow,
          lanes);
      assertArrayEquals(expected, actual, () -> general + " for " + tile);
    }
    src[row] = Float.NaN;
    float[] out = given.clone();
    lost = compute(tuned, src, row, plane, starts, border, width, weights, out, outRow, lanes);
    assertEquals(tile.boundsBits(), lost, tile::toString);
    assertTrue(lost || hasNaN(out), tile::toString);
  }

  private static boolean compute(
      DepthwiseTile tile,
      float[] src,
      int row,
      int plane,
      int[] starts,
      int border,
      int width,
      float[] weights,
      float[] out,
      int outRow,
      int lanes) {
    return tile.compute(
        src,
        row,
        plane,
        starts,
        0,
        -border,
        width,
        weights,
        0,
        out,
        5,
        lanes,
        2 * outRow,
        outRow,
        2,
        2,
        2,
        lanes,
        new Object[0],
        0,
        out,
        0,
        0);
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void problemsOfTheGeneralTilesRun(int bits) {
    int lanes = bits / Float.SIZE;
    for (int i = 0; i < 20; i++) {
      matrixTiles(bits).forEach(tile -> tile.tinyProblem(lanes).once().run());
      depthwiseTiles(bits).forEach(tile -> tile.tinyProblem(lanes).once().run());
    }
    assertEquals(2, matrixTiles(bits).size());
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void copies(int bits) {
    int lanes = bits / Float.SIZE;
    int pixels = 7;
    int blocks = 3;
    int step = 2 * lanes;
    int blockStep = pixels * step + lanes;
    int target = blocks * lanes + 4;
    float[] from = floats(1 + blocks * blockStep + lanes);
    float[] factors = floats(2 + blocks * (lanes + 1));
    GeneralTiles emitted = GeneralTiles.of(bits);
    float[] copied = new float[pixels * target + lanes];
    float[] expected = copied.clone();
    new PlainPixelCopy(lanes)
        .compute(from, 1, blockStep, step, expected, 3, target, pixels, blocks, 0);
    emitted
        .pixelCopy()
        .begun()
        .tile()
        .compute(from, 1, blockStep, step, copied, 3, target, pixels, blocks, 0);
    assertEquals(from[1 + blockStep + step], expected[3 + target + lanes]);
    assertArrayEquals(expected, copied);
    new PlainPixelScale(lanes)
        .compute(
            from, 1, blockStep, step, factors, 2, lanes + 1, expected, 3, target, pixels, blocks,
            0);
    emitted
        .pixelScale()
        .begun()
        .tile()
        .compute(
            from, 1, blockStep, step, factors, 2, lanes + 1, copied, 3, target, pixels, blocks, 0);
    assertEquals(from[1 + blockStep + step] * factors[2 + lanes + 1], expected[3 + target + lanes]);
    assertArrayEquals(expected, copied);
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void heatedTilesComputeNothing(int bits) {
    int lanes = bits / Float.SIZE;
    float[] from = floats(4 * lanes);
    float[] to = new float[4 * lanes];
    PixelCopy copy = GeneralTiles.of(bits).pixelCopy().begun().tile();
    copy.compute(from, 0, lanes, lanes, to, 0, lanes, 2, 1, TinyProblem.HEAT);
    assertArrayEquals(new float[to.length], to);
    copy.compute(from, 0, lanes, lanes, to, 0, lanes, 2, 1, 0);
    assertArrayEquals(
        Arrays.copyOf(from, 2 * lanes), Arrays.copyOf(to, 2 * lanes), "and else they do");
  }
}

package org.sepconv.cpu.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.tile.Clamp;
import org.sepconv.cpu.tile.MatrixTile;
import org.sepconv.cpu.tile.MatrixTileEmitter;
import org.sepconv.cpu.tile.MatrixTileShape;
import org.sepconv.cpu.tile.TileRows;
import org.sepconv.cpu.tile.TileSlot;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * Rows of gathered input times the packed filter of one group: the inner part of every convolution
 * but the depthwise one.
 *
 * <pre>
 *   input            [pixel][channel], runs of pixels at a constant distance
 *   packed weights   panels of maxVectors vectors of outputs, one after the other:
 *                    panel p: [tap][input channel of the group][output of the panel]
 *                    the last panel has only the vectors that it needs, or takes one more
 *   output           [vector of outputs][pixel][lane]
 * </pre>
 */
final class MatrixProduct {

  private final MatrixAccess access;
  private final int lanes;
  private final Activation activation;
  private final Panel[] panels;
  private final String tileName;

  /** Whether a tile computes several that follow one another. */
  private final boolean loops;

  /** Outputs {@code first} to {@code first + count - 1} of the group. */
  private record Panel(int first, int count, int rows, Span weights, Span bias, Part[] parts) {}

  /**
   * Some of the products of each output, few enough for their weights to stay in the nearest cache.
   *
   * @param taps where their values lie
   * @param depth for each tap
   * @param weights where they start in the panel
   * @param tiles by the number of rows, less one
   */
  private record Part(int[] taps, int depth, int weights, List<TileSlot<MatrixTile>> tiles) {}

  /** Packs the weights of one group. */
  MatrixProduct(
      Conv2d conv,
      ConvWeights weights,
      int group,
      MatrixAccess access,
      VectorEmitter emitter,
      PackedWeights packed) {
    this.access = access;
    this.activation = conv.activation();
    this.lanes = emitter.lanes();
    this.loops = MatrixTileEmitter.loops(lanes * Float.SIZE);
    int outputs = conv.outputsPerGroup();
    Optional<MatrixTileShape> few = emitter.fewRows(access.most(), outputs);
    int maxVectors =
        few.map(MatrixTileShape::vectors)
            .orElseGet(() -> emitter.maxVectors(access.products(), access.run()));
    int most = maxVectors * lanes;
    int widest = few.isPresent() ? maxVectors : emitter.widestPanel(maxVectors);
    this.panels = new Panel[panels(Math.ceilDiv(outputs, lanes), maxVectors, widest)];
    int usual = Math.min(panels.length > 1 ? maxVectors : widest, Math.ceilDiv(outputs, lanes));
    this.tileName = rows(few, usual, emitter) + "x" + usual + "v" + lanes;
    PackedWeights.Packer given = packed.of(weights);
    Clamp clamp = Clamp.of(conv.activation());
    Map<Integer, Part[]> ofWidth = new HashMap<>();
    for (int p = 0; p < panels.length; p++) {
      int first = p * most;
      int count = p + 1 < panels.length ? most : outputs - first;
      int width = emitter.padded(count);
      int vectors = width / lanes;
      int rows = rows(few, vectors, emitter);
      int from = group * outputs + first;
      Span bias =
          given.packed(
              new BiasPacking(from, count, width), () -> bias(given, conv, from, count, width));
      Span filter =
          given.packed(
              new Packing(
                  conv.channelsPerGroup(), conv.kernelH() * conv.kernelW(), from, count, width),
              () -> filter(given, conv, from, count, width));
      // Panels of one width, all but the last, have the same tiles.
      Part[] parts =
          ofWidth.computeIfAbsent(
              vectors, _ -> parts(vectors, rows, clamp, conv.residual(), emitter));
      panels[p] = new Panel(first, count, rows, filter, bias, parts);
    }
  }

  /** How many panels so many vectors make, of which the last may be wider than the others. */
  private static int panels(int vectors, int usual, int widest) {
    int full = vectors / usual;
    int rest = vectors % usual;
    return rest == 0 || full > 0 && usual + rest <= widest ? full : full + 1;
  }

  private int rows(Optional<MatrixTileShape> few, int vectors, VectorEmitter emitter) {
    return few.map(MatrixTileShape::rows)
        .orElseGet(() -> emitter.maxRows(vectors, access.masked()));
  }

  /** Cuts the products into parts: several taps each, or part of a tap. */
  private Part[] parts(
      int vectors, int rows, Clamp clamp, boolean residual, VectorEmitter emitter) {
    int most = emitter.partDepth();
    int[] taps = access.taps();
    int tapsOfPart = taps.length;
    int cuts = 1;
    if (access.products() > most + most / 2) {
      tapsOfPart = Math.clamp(most / access.depth(), 1, taps.length);
      cuts = Math.ceilDiv(access.depth(), most);
    }
    int depth = Math.ceilDiv(access.depth(), cuts);
    Part[] parts = new Part[Math.ceilDiv(taps.length, tapsOfPart) * cuts];
    int i = 0;
    for (int tap = 0; tap < taps.length; tap += tapsOfPart) {
      for (int k = 0; k < access.depth(); k += depth) {
        int start = k;
        int[] starts = Arrays.copyOfRange(taps, tap, Math.min(taps.length, tap + tapsOfPart));
        Arrays.setAll(starts, t -> starts[t] + start);
        int depthOfPart = Math.min(depth, access.depth() - k);
        List<TileSlot<MatrixTile>> tiles = new ArrayList<>();
        for (int r = 1; r <= rows; r++) {
          tiles.add(
              emitter.matrixTile(
                  access.rows(r),
                  vectors,
                  depthOfPart,
                  starts.length > 1,
                  access.masked(),
                  access.outStride(),
                  MatrixTileEmitter.Part.of(i, parts.length, residual),
                  clamp));
        }
        int weights = (tap * access.depth() + k) * vectors * lanes;
        parts[i++] = new Part(starts, depthOfPart, weights, tiles);
      }
    }
    return parts;
  }

  /** All that the order of a panel's weights depends on. */
  private record Packing(int channels, int taps, int from, int count, int width) {}

  /** The same of its bias. */
  private record BiasPacking(int from, int count, int width) {}

  private static Span bias(
      PackedWeights.Packer given, Conv2d conv, int from, int count, int width) {
    float[] bias = given.biasOrZeros(conv.outChannels());
    float[] padded = MatrixTile.bias(Arrays.copyOfRange(bias, from, from + count), width);
    return given.copyOf(padded, padded.length);
  }

  private static Span filter(
      PackedWeights.Packer given, Conv2d conv, int from, int count, int width) {
    float[] filter = given.filter();
    int channels = conv.channelsPerGroup();
    int taps = conv.kernelH() * conv.kernelW();
    Span packed = given.allocate(Math.multiplyExact(taps * channels, width));
    for (int o = 0; o < count; o++) {
      int source = (from + o) * channels * taps;
      for (int c = 0; c < channels; c++) {
        for (int tap = 0; tap < taps; tap++) {
          packed.array()[packed.offset() + (tap * channels + c) * width + o] = filter[source++];
        }
      }
    }
    return packed;
  }

  /**
   * Multiplies some pixels, adds the residual if the convolution has one, and applies the
   * activation as far as it is a clamp. Panel by panel, part by part: a part of a panel stays in
   * the nearest cache while the pixels go by, and the pixels of a strip in the next one.
   *
   * @param aOffset where the first value of the first pixel lies
   * @param pixels how many
   * @param residual lies as the output does
   * @param residualOffset where that of the first output of the first pixel lies
   * @param outOffset where the first output of the first pixel goes
   * @param vectorStep distance between the vectors of a pixel in {@code out}
   * @param slice which part of the panels, 0 to slices - 1
   */
  void multiply(
      float[] a,
      int aOffset,
      int pixels,
      float[] residual,
      int residualOffset,
      float[] out,
      int outOffset,
      int vectorStep,
      int slice,
      int slices) {
    int firstPanel = panels.length * slice / slices;
    int endPanel = panels.length * (slice + 1) / slices;
    for (int p = firstPanel; p < endPanel; p++) {
      Panel panel = panels[p];
      int panelStart = panel.first / lanes * vectorStep;
      int target = outOffset + panelStart;
      float[] addend = residual;
      int added = residualOffset + panelStart;
      for (Part part : panel.parts) {
        multiply(panel, part, a, aOffset, pixels, addend, added, out, target, vectorStep);
        addend = out;
        added = target;
      }
    }
  }

  private void multiply(
      Panel panel,
      Part part,
      float[] a,
      int aOffset,
      int pixels,
      float[] addend,
      int added,
      float[] out,
      int target,
      int vectorStep) {
    int stretch = access.stretch(panel.rows);
    int left;
    for (int pixel = 0; pixel < pixels; pixel += left) {
      left = Math.min(stretch, pixels - pixel);
      MatrixAccess.Heights heights = MatrixAccess.Heights.of(left, panel.rows);
      int height = heights.lower();
      int higher = heights.higher();
      int from = aOffset + pixel / access.run() * access.runStride();
      int shift = pixel * access.outStride();
      if (higher > 0) {
        int rows = higher * (height + 1);
        multiply(
            panel,
            part,
            height + 1,
            higher,
            a,
            from,
            addend,
            added + shift,
            out,
            target + shift,
            vectorStep);
        from += rows * access.rowStride();
        shift += rows * access.outStride();
      }
      multiply(
          panel,
          part,
          height,
          heights.tiles() - higher,
          a,
          from,
          addend,
          added + shift,
          out,
          target + shift,
          vectorStep);
    }
  }

  /** Computes some tiles of one height, which follow one another. */
  private void multiply(
      Panel panel,
      Part part,
      int height,
      int tiles,
      float[] a,
      int from,
      float[] addend,
      int added,
      float[] out,
      int target,
      int vectorStep) {
    TileSlot<MatrixTile> slot = part.tiles.get(height - 1);
    float[] weights = panel.weights.array();
    int weightsOffset = panel.weights.offset() + part.weights;
    float[] bias = panel.bias.array();
    int biasOffset = panel.bias.offset();
    int together = loops ? tiles : 1;
    for (int i = 0; i < tiles; i += together) {
      int row = i * height;
      int shift = row * access.outStride();
      MatrixTile tile = slot.tile();
      while (tile.compute(
          a,
          from + row * access.rowStride(),
          part.taps,
          part.depth,
          weights,
          weightsOffset,
          bias,
          biasOffset,
          addend,
          added + shift,
          out,
          target + shift,
          vectorStep,
          panel.count,
          together,
          0)) {
        tile = slot.exact();
      }
    }
  }

  /** Applies what the activation is more than a clamp to the values that {@link #multiply} left. */
  void activate(float[] out, int outOffset, int vectorStep, int pixels, int slice, int slices) {
    if (!Clamp.leaves(activation)) {
      return;
    }
    int first = panels[panels.length * slice / slices].first;
    Panel last = panels[panels.length * (slice + 1) / slices - 1];
    int floats = (pixels - 1) * access.outStride() + (access.masked() ? last.count : lanes);
    for (int o = first; o < last.first + last.count; o += lanes) {
      int from = outOffset + o / lanes * vectorStep;
      VectorActivation.apply(activation, out, from, from + floats);
    }
  }

  /**
   * Problems for the code that {@link #multiply} and {@link #activate} use.
   *
   * @param pixels how many they are called for, once or often
   * @return a new list
   */
  List<TinyProblem> tinyProblems(IntStream pixels) {
    List<TinyProblem> all = new ArrayList<>();
    for (Use use : uses(pixels)) {
      if (!use.slot.isStaged()) {
        all.add(use.tinyProblem(use.slot.tile()));
      }
    }
    if (Clamp.leaves(activation)) {
      all.add(VectorActivation.tinyProblem(activation));
    }
    return all;
  }

  /**
   * The code that takes the place of what {@link #multiply} begins with.
   *
   * @return a new list
   */
  List<Upgrade> upgrades(IntStream pixels) {
    List<Upgrade> all = new ArrayList<>();
    for (Use use : uses(pixels)) {
      all.addAll(use.slot.upgrades(use::tinyProblem, use.work));
    }
    return all;
  }

  /**
   * What some pixels are computed with.
   *
   * @param work products of a call, in all parts and panels alike
   */
  private record Use(
      TileSlot<MatrixTile> slot, Function<MatrixTile, TinyProblem> problem, long work) {
    TinyProblem tinyProblem(MatrixTile tile) {
      return problem.apply(tile);
    }
  }

  private List<Use> uses(IntStream pixels) {
    Map<TileSlot<MatrixTile>, Use> uses = new LinkedHashMap<>();
    for (int count : pixels.distinct().toArray()) {
      for (Panel panel : panels) {
        int stretch = access.stretch(panel.rows);
        int left;
        for (int pixel = 0; pixel < count; pixel += left) {
          left = Math.min(stretch, count - pixel);
          MatrixAccess.Heights heights = MatrixAccess.Heights.of(left, panel.rows);
          if (heights.higher() > 0) {
            add(uses, panel, heights.lower() + 1, heights.higher());
          }
          add(uses, panel, heights.lower(), heights.tiles() - heights.higher());
        }
      }
    }
    return List.copyOf(uses.values());
  }

  private void add(Map<TileSlot<MatrixTile>, Use> uses, Panel panel, int height, int tiles) {
    TileRows rows = access.rows(height);
    long work = (long) tiles * height * panel.count * access.products();
    for (Part part : panel.parts) {
      TileSlot<MatrixTile> slot = part.tiles.get(height - 1);
      uses.merge(
          slot,
          new Use(
              slot,
              tile ->
                  tile.tinyProblem(
                      rows,
                      part.taps.length > 1,
                      access.outStride(),
                      access.masked(),
                      Math.ceilDiv(panel.count, lanes),
                      lanes),
              work),
          (use, more) -> new Use(use.slot, use.problem, use.work + more.work));
    }
  }

  /** How many panels there are: the most slices. */
  int panels() {
    return panels.length;
  }

  /** {@code 6x4v16}: rows, vectors and lanes of the tile that does most of the work. */
  String tileName() {
    return tileName;
  }
}

package org.sepconv.cpu.operation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.sepconv.Axis;
import org.sepconv.Rearrangement;
import org.sepconv.Shape;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.layout.PlaceOffsets;
import org.sepconv.cpu.memory.Span;

/**
 * A box of an output whose values come from one input, or are all the same: where each lies is the
 * sum of one number for each coordinate, in the input as in the output.
 */
final class Box {
  /** Lane by lane where the runs of neighbouring channels of a block are shorter, on average. */
  private static final int LEAST_RUN = 4;

  /** How the channels of one block are copied. */
  private enum Way {
    /** All lanes, so that neighbouring pixels are neighbours. */
    ROWS,
    /** Lanes of some blocks of the input, put together. */
    VECTORS,
    /** Channels that are neighbours in the input as well. */
    PIXELS,
    /** Each on its own. */
    VALUES
  }

  /**
   * Channels of the box in one block of the output.
   *
   * @param move of vectors
   */
  private record Lanes(int first, int count, Way way, Optional<Loops.LaneMove> move) {
    Lanes(int first, int count, Way way) {
      this(first, count, way, Optional.empty());
    }
  }

  /** Columns of the box that are neighbours in the input and in the output. */
  private record Columns(int first, int count) {}

  private final int input;
  private final float fill;
  private final int lanesOfOutput;

  /** For each coordinate of each dimension of the box, its share of the offset. */
  private final int[][] from;

  private final int[][] to;

  /** For each channel of the box, its lane in the input. */
  private final int[] lanesOfInput;

  private final Lanes[] lanes;
  private final Columns[] columns;

  /**
   * The box at {@code start} of the output, of every {@code step}th value of each dimension.
   *
   * @param start N, C, H, W
   * @param step N, C, H, W; that of the channels is 1
   * @param size N, C, H, W
   * @param loops what puts vectors together
   */
  Box(
      Rearrangement operation,
      List<ChannelBlocks> inputs,
      ChannelBlocks output,
      int[] start,
      int[] step,
      int[] size,
      Loops loops) {
    List<Shape> shapes = inputs.stream().map(ChannelBlocks::shape).toList();
    PlaceOffsets targets = PlaceOffsets.of(output);
    this.input = operation.source(shapes, output.shape(), start.clone());
    this.fill = operation.fill();
    this.lanesOfOutput = output.block();
    this.from = new int[4][];
    this.to = new int[4][];
    for (Axis axis : Axis.values()) {
      int i = axis.ordinal();
      from[i] = new int[size[i]];
      to[i] = new int[size[i]];
      Arrays.setAll(to[i], j -> targets.of(axis)[start[i] + j * step[i]]);
    }
    this.lanesOfInput = new int[size[1]];
    if (input != Rearrangement.FILLED) {
      findSources(operation, shapes, inputs.get(input), output.shape(), start, step);
    }
    boolean sameBlocks =
        input == Rearrangement.FILLED || inputs.get(input).block() == output.block();
    boolean last = start[1] + size[1] == output.shape().c();
    this.columns = columns().toArray(Columns[]::new);
    this.lanes = lanes(start[1], sameBlocks, last, loops).toArray(Lanes[]::new);
  }

  private void findSources(
      Rearrangement operation,
      List<Shape> shapes,
      ChannelBlocks source,
      Shape output,
      int[] start,
      int[] step) {
    PlaceOffsets sources = PlaceOffsets.of(source);
    int base = 0;
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < from[i].length; j++) {
        int[] place = start.clone();
        place[i] += j * step[i];
        operation.source(shapes, output, place);
        from[i][j] = sources.at(place) - base;
        if (i == Axis.CHANNEL.ordinal()) {
          lanesOfInput[j] = place[i] % source.block();
        }
      }
      // What all share is in the numbers of the first dimension.
      base = from[0][0];
    }
  }

  private List<Lanes> lanes(int start, boolean sameBlocks, boolean last, Loops loops) {
    List<Lanes> all = new ArrayList<>();
    int channels = to[1].length;
    for (int c = 0; c < channels; ) {
      int end = Math.min(channels, c + lanesOfOutput - (start + c) % lanesOfOutput);
      boolean wholeBlock =
          end - c == lanesOfOutput || last && end == channels && (start + c) % lanesOfOutput == 0;
      all.addAll(
          sameBlocks
              ? ofSameBlocks(c, end, start, wholeBlock, loops)
              : ofValues(c, end, runs(c, end)));
      c = end;
    }
    return all;
  }

  /** The channels {@code first} to {@code end - 1} of one block, which has one in the input too. */
  private List<Lanes> ofSameBlocks(int first, int end, int start, boolean wholeBlock, Loops loops) {
    List<Lanes> runs = runs(first, end);
    if (runs.size() == 1 && wholeBlock) {
      // With the lanes past the last channel, which hold anything.
      return List.of(new Lanes(first, end - first, Way.ROWS));
    }
    return move(first, end, start, wholeBlock, loops)
        .map(move -> List.of(new Lanes(first, end - first, Way.VECTORS, Optional.of(move))))
        .orElseGet(() -> ofValues(first, end, runs));
  }

  private static List<Lanes> ofValues(int first, int end, List<Lanes> runs) {
    return LEAST_RUN * runs.size() > end - first
        ? List.of(new Lanes(first, end - first, Way.VALUES))
        : runs;
  }

  /** What puts the lanes of channels {@code first} to {@code end - 1} together, if anything. */
  private Optional<Loops.LaneMove> move(
      int first, int end, int start, boolean wholeBlock, Loops loops) {
    if (input == Rearrangement.FILLED || !columnsAreTogether()) {
      return Optional.empty();
    }
    int[] blocks = new int[lanesOfOutput];
    int[] places = new int[lanesOfOutput];
    // Lanes past the last channel hold anything: those of its own block.
    Arrays.fill(
        blocks, wholeBlock ? from[1][end - 1] - lanesOfInput[end - 1] : Loops.LaneMove.NOT_WRITTEN);
    for (int c = first; c < end; c++) {
      int lane = (start + c) % lanesOfOutput;
      blocks[lane] = from[1][c] - lanesOfInput[c];
      places[lane] = lanesOfInput[c];
    }
    return loops.laneMove(blocks, places);
  }

  private List<Lanes> runs(int first, int end) {
    List<Lanes> runs = new ArrayList<>();
    int start = first;
    for (int c = first + 1; c <= end; c++) {
      boolean goesOn =
          c < end && (input == Rearrangement.FILLED || from[1][c] == from[1][c - 1] + 1);
      if (!goesOn) {
        runs.add(new Lanes(start, c - start, Way.PIXELS));
        start = c;
      }
    }
    return runs;
  }

  private List<Columns> columns() {
    List<Columns> runs = new ArrayList<>();
    int start = 0;
    for (int x = 1; x <= from[3].length; x++) {
      boolean goesOn =
          x < from[3].length
              && to[3][x] == to[3][x - 1] + lanesOfOutput
              && (input == Rearrangement.FILLED || from[3][x] == from[3][x - 1] + lanesOfOutput);
      if (!goesOn) {
        runs.add(new Columns(start, x - start));
        start = x;
      }
    }
    return runs;
  }

  /** Whether whole rows, or long parts of them, are copied as they lie. */
  boolean copiesRows() {
    return Arrays.stream(lanes).allMatch(each -> each.way == Way.ROWS) && columnsAreTogether();
  }

  /** Whether whole vectors are copied, as they lie or put together from others. */
  boolean copiesVectors() {
    return Arrays.stream(lanes).allMatch(each -> each.way == Way.ROWS || each.way == Way.VECTORS)
        && columnsAreTogether();
  }

  private boolean columnsAreTogether() {
    return 4 * columns.length <= 3 + from[3].length;
  }

  /** What puts vectors together. */
  Stream<Loops.LaneMove> moves() {
    return Arrays.stream(lanes).flatMap(each -> each.move.stream());
  }

  int rows() {
    return from[0].length * lanes.length * from[2].length;
  }

  /** Copies row {@code row} of its channels and images. */
  void copyRow(int row, Span[] inputs, Span output) {
    int y = row % from[2].length;
    Lanes channels = lanes[row / from[2].length % lanes.length];
    int n = row / from[2].length / lanes.length;
    int target = output.offset() + to[0][n] + to[1][channels.first] + to[2][y];
    float[] values = output.array();
    if (input == Rearrangement.FILLED) {
      int start = target + to[3][0];
      Arrays.fill(values, start, start + from[3].length * lanesOfOutput, fill);
      return;
    }
    Span source = inputs[input];
    int at = source.offset() + from[0][n] + from[2][y];
    switch (channels.way) {
      case ROWS -> copyColumns(source.array(), at + from[1][channels.first], values, target);
      case VECTORS ->
          copyVectors(
              source.array(), at, values, target - to[1][channels.first] % lanesOfOutput, channels);
      case PIXELS ->
          copyPixels(source.array(), at + from[1][channels.first], values, target, channels.count);
      case VALUES -> copyValues(source.array(), at, values, target, channels);
    }
  }

  private void copyColumns(float[] values, int at, float[] target, int targetAt) {
    for (Columns run : columns) {
      System.arraycopy(
          values,
          at + from[3][run.first],
          target,
          targetAt + to[3][run.first],
          run.count * lanesOfOutput);
    }
  }

  private void copyVectors(float[] values, int at, float[] target, int targetAt, Lanes channels) {
    Loops.LaneMove move = channels.move.orElseThrow();
    for (Columns run : columns) {
      move.copy(values, at + from[3][run.first], target, targetAt + to[3][run.first], run.count);
    }
  }

  private void copyPixels(float[] values, int at, float[] target, int targetAt, int count) {
    for (int x = 0; x < from[3].length; x++) {
      System.arraycopy(values, at + from[3][x], target, targetAt + to[3][x], count);
    }
  }

  private void copyValues(float[] values, int at, float[] target, int targetAt, Lanes channels) {
    int[] places = from[1];
    for (int x = 0; x < from[3].length; x++) {
      int pixel = at + from[3][x];
      int targetPixel = targetAt + to[3][x];
      for (int lane = 0; lane < channels.count; lane++) {
        target[targetPixel + lane] = values[pixel + places[channels.first + lane]];
      }
    }
  }
}

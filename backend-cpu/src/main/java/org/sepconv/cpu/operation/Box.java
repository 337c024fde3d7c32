package org.sepconv.cpu.operation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sepconv.Axis;
import org.sepconv.Rearrangement;
import org.sepconv.Shape;
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
    /** Channels that are neighbours in the input as well. */
    PIXELS,
    /** Each on its own. */
    VALUES
  }

  /** Channels of the box in one block of the output. */
  private record Lanes(int first, int count, Way way) {}

  /** Columns of the box that are neighbours in the input and in the output. */
  private record Columns(int first, int count) {}

  private final int input;
  private final float fill;
  private final int lanesOfOutput;

  /** For each coordinate of each dimension of the box, its share of the offset. */
  private final int[][] from;

  private final int[][] to;
  private final Lanes[] lanes;
  private final Columns[] columns;

  /**
   * The box at {@code start} of the output, of every {@code step}th value of each dimension.
   *
   * @param start N, C, H, W
   * @param step N, C, H, W; that of the channels is 1
   * @param size N, C, H, W
   */
  Box(
      Rearrangement operation,
      List<ChannelBlocks> inputs,
      ChannelBlocks output,
      int[] start,
      int[] step,
      int[] size) {
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
    if (input != Rearrangement.FILLED) {
      findSources(operation, shapes, inputs.get(input), output.shape(), start, step);
    }
    boolean sameBlocks =
        input == Rearrangement.FILLED || inputs.get(input).block() == output.block();
    boolean last = start[1] + size[1] == output.shape().c();
    this.lanes = lanes(start[1], sameBlocks, last).toArray(Lanes[]::new);
    this.columns = columns().toArray(Columns[]::new);
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
      }
      // What all share is in the numbers of the first dimension.
      base = from[0][0];
    }
  }

  private List<Lanes> lanes(int start, boolean sameBlocks, boolean last) {
    List<Lanes> all = new ArrayList<>();
    int channels = to[1].length;
    for (int c = 0; c < channels; ) {
      int end = Math.min(channels, c + lanesOfOutput - (start + c) % lanesOfOutput);
      List<Lanes> runs = runs(c, end);
      Lanes first = runs.getFirst();
      boolean wholeBlock =
          end - c == lanesOfOutput || last && end == channels && (start + c) % lanesOfOutput == 0;
      if (runs.size() == 1 && wholeBlock && sameBlocks) {
        // With the lanes past the last channel, which hold anything.
        all.add(new Lanes(c, first.count, Way.ROWS));
      } else if (LEAST_RUN * runs.size() > end - c) {
        all.add(new Lanes(c, end - c, Way.VALUES));
      } else {
        all.addAll(runs);
      }
      c = end;
    }
    return all;
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
    return Arrays.stream(lanes).allMatch(each -> each.way == Way.ROWS)
        && 4 * columns.length <= 3 + from[3].length;
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

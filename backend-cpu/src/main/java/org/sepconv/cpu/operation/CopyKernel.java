package org.sepconv.cpu.operation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.sepconv.Axis;
import org.sepconv.Concat;
import org.sepconv.DepthToSpace;
import org.sepconv.Gather;
import org.sepconv.Pad;
import org.sepconv.Rearrangement;
import org.sepconv.Reshape;
import org.sepconv.ResizeNearest;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.SpaceToDepth;
import org.sepconv.Transpose;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;
import org.sepconv.spi.KernelCandidate;

/**
 * Copies values to where they belong, in boxes that come from one input each: rows where blocks of
 * channels stay blocks or are put together from lanes of others, else pixels or single values.
 */
final class CopyKernel implements TensorKernel {
  private final Rearrangement operation;
  private final ChannelBlocks output;
  private final Box[] boxes;

  /** Rows of all boxes before each, and of all. */
  private final int[] firstRows;

  private final boolean rows;

  /** Whether blocks that are no rows are put together from lanes of others. */
  private final boolean lanes;

  CopyKernel(
      Rearrangement operation, List<ChannelBlocks> inputs, ChannelBlocks output, Loops loops) {
    this.operation = operation;
    this.output = output;
    this.boxes = boxes(inputs, loops).toArray(Box[]::new);
    this.firstRows = new int[boxes.length + 1];
    for (int i = 0; i < boxes.length; i++) {
      firstRows[i + 1] = firstRows[i] + boxes[i].rows();
    }
    this.rows = Arrays.stream(boxes).allMatch(Box::copiesRows);
    this.lanes = Arrays.stream(boxes).allMatch(Box::copiesVectors);
  }

  private List<Box> boxes(List<ChannelBlocks> inputs, Loops loops) {
    List<Box> all = new ArrayList<>();
    int step = operation instanceof DepthToSpace turned ? turned.block() : 1;
    for (int y = 0; y < step; y++) {
      for (int x = 0; x < step; x++) {
        addBoxes(inputs, loops, y, x, step, all);
      }
    }
    return all;
  }

  /** Boxes of every {@code step}th row and column from {@code top} and {@code left} on. */
  private void addBoxes(
      List<ChannelBlocks> inputs, Loops loops, int top, int left, int step, List<Box> all) {
    int[][] cuts = new int[4][];
    for (Axis axis : Axis.values()) {
      cuts[axis.ordinal()] = cuts(axis, inputs);
    }
    for (int n = 1; n < cuts[0].length; n++) {
      for (int c = 1; c < cuts[1].length; c++) {
        for (int y = 1; y < cuts[2].length; y++) {
          for (int x = 1; x < cuts[3].length; x++) {
            int[] end = {cuts[0][n], cuts[1][c], cuts[2][y], cuts[3][x]};
            int[] start = {
              cuts[0][n - 1], cuts[1][c - 1], cuts[2][y - 1] + top, cuts[3][x - 1] + left
            };
            int[] steps = {1, 1, step, step};
            int[] size = new int[4];
            Arrays.setAll(size, i -> Math.ceilDiv(end[i] - start[i], steps[i]));
            all.add(new Box(operation, inputs, output, start, steps, size, loops));
          }
        }
      }
    }
  }

  /** Where along a dimension the values begin to come from elsewhere, and its end. */
  private int[] cuts(Axis axis, List<ChannelBlocks> inputs) {
    List<Integer> cuts = new ArrayList<>(List.of(0));
    switch (operation) {
      case Concat concat -> {
        if (concat.axis() == axis) {
          for (ChannelBlocks input : inputs) {
            cuts.add(cuts.getLast() + axis.size(input.shape()));
          }
        }
      }
      case Pad pad -> {
        Shape image = inputs.getFirst().shape();
        if (pad.mode() == Pad.Mode.CONSTANT && axis == Axis.HEIGHT) {
          cuts.addAll(List.of(pad.sides().top(), pad.sides().top() + image.h()));
        }
        if (pad.mode() == Pad.Mode.CONSTANT && axis == Axis.WIDTH) {
          cuts.addAll(List.of(pad.sides().left(), pad.sides().left() + image.w()));
        }
      }
      case SpaceToDepth turned -> {
        for (int i = 1; i < turned.block() * turned.block() && axis == Axis.CHANNEL; i++) {
          cuts.add(i * inputs.getFirst().shape().c());
        }
      }
      case DepthToSpace _, Gather _, ResizeNearest _, Slice _, Transpose _ -> {}
      case Reshape _ -> throw new IllegalArgumentException("boxes cannot compute " + operation);
    }
    cuts.add(axis.size(output.shape()));
    return cuts.stream().distinct().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public String id() {
    String name =
        switch (operation) {
          case Concat concat -> "concat-" + concat.axis();
          case DepthToSpace _ -> "depth-to-space";
          case Gather gather -> "gather-" + gather.axis();
          case Pad pad -> "pad-" + pad.mode().name().toLowerCase(java.util.Locale.ROOT);
          case Reshape _ -> "reshape";
          case ResizeNearest _ -> "resize-nearest";
          case Slice slice -> "slice-" + slice.axis();
          case SpaceToDepth _ -> "space-to-depth";
          case Transpose _ -> "transpose";
        };
    return "f32-%s-%s-%s".formatted(name, output.layoutName(), way());
  }

  private String way() {
    return rows ? "rows" : lanes ? "lanes" : "values";
  }

  @Override
  public List<KernelCandidate> considered() {
    if (rows) {
      return List.of(KernelCandidate.taken(id(), "blocks of channels stay blocks"));
    }
    KernelCandidate refused =
        KernelCandidate.refused("rows", "lanes or columns of the input lie otherwise");
    if (lanes) {
      return List.of(refused, KernelCandidate.taken(id(), "vectors are put together from others"));
    }
    return List.of(
        refused,
        KernelCandidate.taken(id(), "copied by tables of places, as far as it goes side by side"));
  }

  @Override
  public List<TinyProblem> tinyProblems() {
    return moves().flatMap(move -> move.tinyProblem().stream()).distinct().toList();
  }

  @Override
  public List<Upgrade> upgrades() {
    return moves().flatMap(move -> move.upgrades().stream()).distinct().toList();
  }

  private Stream<Loops.LaneMove> moves() {
    return Arrays.stream(boxes).flatMap(Box::moves);
  }

  @Override
  public int units() {
    return firstRows[boxes.length];
  }

  @Override
  public long valuesPerUnit() {
    return 2L * output.shape().elements() / units();
  }

  @Override
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    for (int i = 0; i < boxes.length; i++) {
      int first = Math.max(from, firstRows[i]);
      int last = Math.min(end, firstRows[i + 1]);
      for (int row = first; row < last; row++) {
        boxes[i].copyRow(row - firstRows[i], inputs, to);
      }
    }
  }
}

package org.sepconv.cpu.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Shape;
import org.sepconv.TransposedConv2d;
import org.sepconv.cpu.kernel.KernelIds;
import org.sepconv.cpu.kernel.Partition;
import org.sepconv.cpu.kernel.RowJob;
import org.sepconv.cpu.kernel.RowKernel;
import org.sepconv.cpu.kernel.TransposedRows;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.tile.GeneralSlot;
import org.sepconv.cpu.tile.PixelCopy;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * A transposed convolution row by row of the output: each tap that meets the row is a pointwise
 * convolution of a row of the input, whose outputs are added at a distance of the stride.
 *
 * <pre>
 *   scratch   [pixel of a row of input][channel], where the channels do not fill their blocks
 * </pre>
 */
final class TransposedKernel implements RowKernel {

  /**
   * Filter columns that one product computes.
   *
   * @param column the first of them
   * @param filter its weights, kept for others who derive the same
   * @param products for each group
   */
  private record Tap(int column, ConvWeights filter, MatrixProduct[] products) {}

  private final TransposedConv2d conv;
  private final ChannelBlocks in;
  private final ChannelBlocks out;
  private final TransposedRows rows;
  private final int lanes;

  /** For each filter row. */
  private final Tap[][] taps;

  /** Whether the input is read where it lies. */
  private final boolean inPlace;

  private final int pixelStride;
  private final GeneralSlot<PixelCopy> copy;
  private final List<TinyProblem> ofActivation;

  TransposedKernel(
      TransposedConv2d conv,
      ConvWeights weights,
      Shape input,
      VectorEmitter emitter,
      PackedWeights packed) {
    this.conv = conv;
    this.lanes = emitter.lanes();
    this.in = ChannelBlocks.ofVectors(input, lanes);
    this.out = ChannelBlocks.ofVectors(conv.outputShapes(List.of(input)).getFirst(), lanes);
    PackedWeights.Packer given = packed.of(weights);
    VectorLoops loops = new VectorLoops(emitter);
    this.rows = new TransposedRows(conv, in, out, given.biasOrZeros(conv.outChannels()), loops);
    this.ofActivation = loops.tinyProblems(conv.activation());
    this.inPlace = conv.groups() == 1 && conv.inChannels() % in.block() == 0;
    this.pixelStride = inPlace ? in.block() : emitter.pixelStride(conv.inChannels());
    this.copy = emitter.pixelCopy();
    int columns = columnsOfTap();
    this.taps = new Tap[conv.kernelH()][conv.kernelW() / columns];
    for (int i = 0; i < conv.kernelH(); i++) {
      for (int j = 0; j < conv.kernelW(); j += columns) {
        taps[i][j / columns] = tap(given, i, j, columns, emitter, packed);
      }
    }
  }

  /** Why this is no kernel for a transposed convolution; empty if it is. */
  static Optional<String> refusal(TransposedConv2d conv, int lanes) {
    return conv.groups() == 1 || conv.outputsPerGroup() % lanes == 0
        ? Optional.empty()
        : Optional.of(
            "groups of %d outputs, which end within a vector of %d"
                .formatted(conv.outputsPerGroup(), lanes));
  }

  /** All columns of the filter, where their outputs lie side by side in one vector; else one. */
  private int columnsOfTap() {
    boolean sideBySide =
        conv.groups() == 1
            && out.count() == 1
            && conv.kernelW() * conv.outChannels() <= lanes
            && conv.kernelW() == conv.strideW()
            && conv.dilationW() == 1
            && conv.padding().left() == 0
            && conv.padding().right() == 0;
    return sideBySide ? conv.kernelW() : 1;
  }

  private Tap tap(
      PackedWeights.Packer given,
      int i,
      int j,
      int columns,
      VectorEmitter emitter,
      PackedWeights packed) {
    Conv2d pointwise =
        Conv2d.pointwise(conv.inChannels(), columns * conv.outChannels())
            .groups(conv.groups())
            .residual()
            .build();
    ConvWeights filter =
        given.derived(
            List.of(conv, i, j, columns), () -> filter(pointwise, given.filter(), i, j, columns));
    MatrixProduct[] products = new MatrixProduct[conv.groups()];
    for (int group = 0; group < products.length; group++) {
      int depth = inPlace ? in.block() : conv.channelsPerGroup();
      int[] places = {group * conv.channelsPerGroup()};
      if (inPlace) {
        places = IntStream.range(0, in.count()).map(block -> block * in.planeFloats()).toArray();
      }
      MatrixAccess access =
          new MatrixAccess(
              depth,
              places,
              pixelStride,
              Integer.MAX_VALUE,
              0,
              conv.strideW() * out.block(),
              pointwise.outputsPerGroup() < lanes);
      products[group] = new MatrixProduct(pointwise, filter, group, access, emitter, packed);
    }
    return new Tap(j, filter, products);
  }

  /** The weights of some taps side by side as those of a pointwise convolution. */
  private ConvWeights filter(Conv2d pointwise, float[] filter, int i, int j, int columns) {
    float[] values = new float[pointwise.filterSize()];
    int outputs = conv.outputsPerGroup();
    int channels = conv.channelsPerGroup();
    for (int c = 0; c < conv.inChannels(); c++) {
      int first = c / channels * outputs;
      for (int column = 0; column < columns; column++) {
        for (int o = 0; o < outputs; o++) {
          int row = first + column * conv.outChannels() + o;
          values[row * channels + c % channels] =
              filter[((c * outputs + o) * conv.kernelH() + i) * conv.kernelW() + j + column];
        }
      }
    }
    return ConvWeights.of(values);
  }

  @Override
  public String id() {
    return "%s-%s-generated"
        .formatted(KernelIds.of(conv, out.layoutName()), taps[0][0].products[0].tileName());
  }

  /** Rows that read the same row of the input come together. */
  @Override
  public int stripRows() {
    return Math.max(4, conv.strideH());
  }

  @Override
  public int scratchFloats() {
    return inPlace ? 0 : Math.multiplyExact(in.shape().w(), pixelStride) + lanes;
  }

  @Override
  public List<TinyProblem> tinyProblems(Partition partition) {
    List<TinyProblem> problems = new ArrayList<>();
    for (Tap tap : taps[0]) {
      int pixels = rows.endColumn(tap.column) - rows.firstColumn(tap.column);
      problems.addAll(tap.products[0].tinyProblems(IntStream.of(pixels)));
    }
    if (!inPlace) {
      copy.tinyProblem().ifPresent(problems::add);
    }
    problems.addAll(ofActivation);
    return problems;
  }

  @Override
  public List<Upgrade> upgrades(Partition partition) {
    List<Upgrade> upgrades = new ArrayList<>();
    if (!inPlace) {
      upgrades.addAll(copy.upgrades());
    }
    // Each tap and group has slots of its own for the same tiles.
    for (Tap[] tapsOfRow : taps) {
      for (Tap tap : tapsOfRow) {
        int pixels = rows.endColumn(tap.column) - rows.firstColumn(tap.column);
        for (MatrixProduct product : tap.products) {
          upgrades.addAll(product.upgrades(IntStream.of(pixels)));
        }
      }
    }
    return upgrades;
  }

  @Override
  public void compute(RowJob job) {
    Span src = job.src;
    Span scratch = job.scratch;
    Span dst = job.dst;
    int n = job.n;
    int end = job.y + job.rows;
    int copied = -1;
    for (int y = job.y; y < end; y++) {
      rows.begin(dst, n, y);
      for (int i = 0; i < conv.kernelH(); i++) {
        int row = rows.inputRow(y, i);
        if (row < 0) {
          continue;
        }
        int from = src.offset() + in.row(n, 0, row);
        if (!inPlace && row != copied) {
          copy.tile()
              .compute(
                  src.array(),
                  from,
                  in.planeFloats(),
                  in.block(),
                  scratch.array(),
                  scratch.offset(),
                  pixelStride,
                  in.shape().w(),
                  in.count(),
                  0);
          copied = row;
        }
        int to = dst.offset() + out.row(n, 0, y);
        if (inPlace) {
          add(src.array(), from, dst.array(), to, taps[i]);
        } else {
          add(scratch.array(), scratch.offset(), dst.array(), to, taps[i]);
        }
      }
      rows.end(dst, n, y);
    }
  }

  private void add(float[] source, int from, float[] target, int to, Tap[] tapsOfRow) {
    for (Tap tap : tapsOfRow) {
      int first = rows.firstColumn(tap.column);
      int pixels = rows.endColumn(tap.column) - first;
      int at = to + conv.outputColumn(first, tap.column) * out.block();
      for (int group = 0; group < tap.products.length && pixels > 0; group++) {
        int block = group * conv.outputsPerGroup() / lanes;
        int place = at + block * out.planeFloats();
        tap.products[group].multiply(
            source,
            from + first * pixelStride,
            pixels,
            target,
            place,
            target,
            place,
            out.planeFloats(),
            0,
            1);
      }
    }
  }
}

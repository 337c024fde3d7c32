package org.sepconv.cpu.operation;

import java.util.Arrays;
import java.util.List;
import org.sepconv.Axis;
import org.sepconv.Binary;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.Unary;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.layout.MatrixTurn;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.spi.KernelCandidate;

/**
 * Softmax of many lines at the same time, which lie side by side: the first values of all, then the
 * second ones, and so on. Along the channels they are turned around for that, in scratch.
 */
final class SoftmaxKernel implements TensorKernel {
  /** Floats side by side, in the nearest cache together with those before and after. */
  private static final int WIDTH = 512;

  /** Floats that are turned around at a time. */
  private static final int TURNED = 8_192;

  /** Fewer pixels are no whole vector: each line by itself. */
  private static final int FEWEST_PIXELS = 8;

  /** Pixels are turned around in whole vectors of any length. */
  private static final int VECTOR = 16;

  private final Softmax softmax;
  private final ChannelBlocks blocks;
  private final Loops loops;
  private final MatrixTurn turn;
  private final Way way;

  /** How the lines come to lie side by side. */
  private interface Way {
    int units();

    long valuesPerUnit();

    int scratchFloats();

    void compute(Span from, Span to, Span scratch, int unit);

    String why();
  }

  SoftmaxKernel(Softmax softmax, ChannelBlocks blocks, Loops loops, MatrixTurn turn) {
    this.softmax = softmax;
    this.blocks = blocks;
    this.loops = loops;
    this.turn = turn;
    Shape shape = blocks.shape();
    this.way =
        switch (softmax.axis()) {
          case BATCH -> new Rows(shape.n(), blocks.imageFloats());
          case HEIGHT -> new Rows(shape.h(), blocks.rowFloats());
          case WIDTH -> new Row();
          case CHANNEL -> shape.h() * shape.w() < FEWEST_PIXELS ? new Pixels() : new Turned();
        };
  }

  @Override
  public String id() {
    return "f32-softmax-%s-%s".formatted(blocks.layoutName(), softmax.axis());
  }

  @Override
  public List<KernelCandidate> considered() {
    return List.of(KernelCandidate.taken(id(), way.why()));
  }

  @Override
  public List<TinyProblem> tinyProblems() {
    return loops.tinyProblems(Unary.Function.EXPONENTIAL);
  }

  @Override
  public int units() {
    return way.units();
  }

  /** An exponential takes as long as moving some values. */
  @Override
  public long valuesPerUnit() {
    return 8 * way.valuesPerUnit();
  }

  @Override
  public int scratchFloats() {
    return way.scratchFloats();
  }

  @Override
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    for (int unit = from; unit < end; unit++) {
      way.compute(inputs[0], to, scratch, unit);
    }
  }

  /**
   * Of lines side by side.
   *
   * @param from where their first values are
   * @param to where those of the results go
   * @param width how many lines
   * @param length of a line
   * @param step from the first value of a line to the second
   * @param each for {@code 2 * width} floats: the largest of each line, and the sum
   * @param most where they begin
   */
  private void softmax(
      float[] source,
      int from,
      float[] target,
      int to,
      int width,
      int length,
      int step,
      float[] each,
      int most) {
    System.arraycopy(source, from, each, most, width);
    for (int i = 1; i < length; i++) {
      loops.max(each, most, source, from + i * step, each, most, width);
    }
    int sum = most + width;
    Arrays.fill(each, sum, sum + width, 0);
    for (int i = 0; i < length; i++) {
      int at = to + i * step;
      loops.binary(
          Binary.Function.SUBTRACT, source, from + i * step, each, most, target, at, width);
      loops.unary(Unary.Function.EXPONENTIAL, target, at, at + width);
      loops.binary(Binary.Function.ADD, each, sum, target, at, each, sum, width);
    }
    loops.unary(Unary.Function.RECIPROCAL, each, sum, sum + width);
    for (int i = 0; i < length; i++) {
      int at = to + i * step;
      loops.binary(Binary.Function.MULTIPLY, target, at, each, sum, target, at, width);
    }
  }

  /** Lines across rows: those of an image, or the same row of all images. */
  private final class Rows implements Way {
    private final int length;
    private final int step;
    private final int chunks = Math.ceilDiv(blocks.rowFloats(), WIDTH);

    Rows(int length, int step) {
      this.length = length;
      this.step = step;
    }

    @Override
    public int units() {
      return blocks.rows() / length * chunks;
    }

    @Override
    public long valuesPerUnit() {
      return (long) length * Math.min(WIDTH, blocks.rowFloats());
    }

    @Override
    public int scratchFloats() {
      return 2 * Math.min(WIDTH, blocks.rowFloats());
    }

    @Override
    public void compute(Span from, Span to, Span scratch, int unit) {
      int chunk = unit % chunks * WIDTH;
      int width = Math.min(WIDTH, blocks.rowFloats() - chunk);
      int first = unit / chunks;
      int row = softmax.axis() == Axis.HEIGHT ? first * length : first;
      int at = blocks.row(row) + chunk;
      softmax(
          from.array(),
          from.offset() + at,
          to.array(),
          to.offset() + at,
          width,
          length,
          step,
          scratch.array(),
          scratch.offset());
    }

    @Override
    public String why() {
      return "the lines of a row side by side, row after row";
    }
  }

  /**
   * Lines within a row: as many values of each as make some vectors, and in the end those of each
   * line with one another.
   */
  private final class Row implements Way {
    private static final int PATTERN = 128;

    private final int floats = blocks.rowFloats();
    private final int pattern =
        blocks.block()
            * Integer.highestOneBit(Math.clamp(PATTERN / blocks.block(), 1, blocks.shape().w()));

    @Override
    public int units() {
      return blocks.rows();
    }

    @Override
    public long valuesPerUnit() {
      return floats;
    }

    @Override
    public int scratchFloats() {
      return pattern;
    }

    @Override
    public void compute(Span from, Span to, Span scratch, int unit) {
      int at = blocks.row(unit);
      float[] source = from.array();
      int first = from.offset() + at;
      float[] target = to.array();
      int start = to.offset() + at;
      float[] each = scratch.array();
      int kept = scratch.offset();
      ofEachLine(Binary.Function.MAXIMUM, source, first, each, kept);
      withEach(Binary.Function.SUBTRACT, source, first, each, kept, target, start);
      loops.unary(Unary.Function.EXPONENTIAL, target, start, start + floats);
      ofEachLine(Binary.Function.ADD, target, start, each, kept);
      loops.unary(Unary.Function.RECIPROCAL, each, kept, kept + pattern);
      withEach(Binary.Function.MULTIPLY, target, start, each, kept, target, start);
    }

    /** What a function makes of all values of each line, repeated through the pattern. */
    private void ofEachLine(
        Binary.Function function, float[] values, int from, float[] each, int kept) {
      System.arraycopy(values, from, each, kept, pattern);
      for (int i = pattern; i < floats; i += pattern) {
        int n = Math.min(pattern, floats - i);
        loops.binary(function, each, kept, values, from + i, each, kept, n);
      }
      for (int half = pattern / 2; half >= blocks.block(); half /= 2) {
        loops.binary(function, each, kept, each, kept + half, each, kept, half);
      }
      Ranges.repeat(each, kept, blocks.block(), pattern);
    }

    private void withEach(
        Binary.Function function,
        float[] source,
        int from,
        float[] each,
        int kept,
        float[] target,
        int to) {
      for (int i = 0; i < floats; i += pattern) {
        int n = Math.min(pattern, floats - i);
        loops.binary(function, source, from + i, each, kept, target, to + i, n);
      }
    }

    @Override
    public String why() {
      return "row by row, several values of each line at a time";
    }
  }

  /** Lines along the channels of pixels, which are turned around. */
  private final class Turned implements Way {
    private final int channels = blocks.shape().c();

    /** With what lies past the last channel: whole vectors are turned faster. */
    private final int rows = blocks.count() * blocks.block();

    private final int pixels = blocks.shape().h() * blocks.shape().w();
    private final int width =
        Math.min(Math.max(TURNED / rows / VECTOR, 1), Math.ceilDiv(pixels, VECTOR)) * VECTOR;
    private final int chunks = Math.ceilDiv(pixels, width);

    @Override
    public int units() {
      return blocks.shape().n() * chunks;
    }

    @Override
    public long valuesPerUnit() {
      return (long) channels * width;
    }

    @Override
    public int scratchFloats() {
      return (rows + 2) * width;
    }

    @Override
    public void compute(Span from, Span to, Span scratch, int unit) {
      int first = unit % chunks * width;
      int count = Math.min(width, pixels - first);
      int at = blocks.row(unit / chunks, 0, 0) + first * blocks.block();
      float[] planes = scratch.array();
      int kept = scratch.offset();
      int block = blocks.block();
      for (int c = 0; c < rows; c += block) {
        turn.turn(
            from.array(),
            from.offset() + at + c / block * blocks.planeFloats(),
            block,
            planes,
            kept + c * width,
            width,
            count,
            block);
      }
      // What was left behind the last pixel is computed too, in whole vectors.
      int whole = Math.ceilDiv(count, VECTOR) * VECTOR;
      int most = kept + rows * width;
      softmax(planes, kept, planes, kept, whole, channels, width, planes, most);
      for (int c = 0; c < rows; c += block) {
        turn.turn(
            planes,
            kept + c * width,
            width,
            to.array(),
            to.offset() + at + c / block * blocks.planeFloats(),
            block,
            block,
            count);
      }
    }

    @Override
    public String why() {
      return "pixels turned around: the first channel of many, then the second";
    }
  }

  /** Lines along the channels of few pixels, each by itself, copied side by side. */
  private final class Pixels implements Way {
    private final int channels = blocks.shape().c();
    private final int pixels = blocks.shape().h() * blocks.shape().w();

    @Override
    public int units() {
      return blocks.shape().n() * pixels;
    }

    @Override
    public long valuesPerUnit() {
      return channels;
    }

    @Override
    public int scratchFloats() {
      return channels;
    }

    @Override
    public void compute(Span from, Span to, Span scratch, int unit) {
      float[] line = scratch.array();
      int start = scratch.offset();
      int end = start + channels;
      int block = blocks.block();
      int at = blocks.row(unit / pixels, 0, 0) + unit % pixels * block;
      for (int c = 0; c < channels; c += block) {
        int place = from.offset() + at + c / block * blocks.planeFloats();
        System.arraycopy(from.array(), place, line, start + c, Math.min(block, channels - c));
      }
      float max = Ranges.max(line, start, end);
      for (int i = start; i < end; i++) {
        line[i] -= max;
      }
      loops.unary(Unary.Function.EXPONENTIAL, line, start, end);
      // Summed and multiplied as many pixels are: a part of a sequence has the bits of the whole.
      float sum = line[start];
      for (int i = start + 1; i < end; i++) {
        sum += line[i];
      }
      float share = 1 / sum;
      for (int i = start; i < end; i++) {
        line[i] *= share;
      }
      for (int c = 0; c < channels; c += block) {
        int place = to.offset() + at + c / block * blocks.planeFloats();
        System.arraycopy(line, start + c, to.array(), place, Math.min(block, channels - c));
      }
    }

    @Override
    public String why() {
      return "few pixels: one after the other, channels copied side by side";
    }
  }
}

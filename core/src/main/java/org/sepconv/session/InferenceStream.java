package org.sepconv.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One sequence on its way through a {@link StreamingNetwork}: what its next columns need of those
 * before. For one thread at a time; it holds arrays only, and need not be closed.
 */
public final class InferenceStream {
  private final StreamingNetwork streaming;
  private final CausalNetwork network;

  /** Columns that each operand carries over; negative where so many are still left out. */
  private final Integer[] carried;

  /** Their values, N x C x H x columns. */
  private final float[][] state;

  InferenceStream(StreamingNetwork streaming) {
    this.streaming = streaming;
    this.network = streaming.network();
    this.carried = new Integer[network.operands().size()];
    this.state = new float[carried.length][];
    reset();
  }

  /** Goes back to the beginning of a sequence. */
  public void reset() {
    for (CausalStage.Operand operand : network.operands()) {
      int i = operand.index();
      carried[i] = operand.padding();
      state[i] = new float[operand.rows().values() * Math.max(0, operand.padding())];
      Arrays.fill(state[i], operand.fill());
    }
  }

  /** Bytes of all columns that are carried over now. */
  public long stateBytes() {
    return Arrays.stream(state).mapToLong(values -> (long) Float.BYTES * values.length).sum();
  }

  /**
   * Takes the next columns of the sequence.
   *
   * @param columns N x C x H x any number of columns, also none
   * @return the columns of output that this makes known, N x C' x H' x any number, also none
   * @throws IllegalArgumentException if the values are no whole number of columns
   * @throws IllegalStateException if the network or the backend is closed
   * @throws org.sepconv.spi.BackendException if the device fails; {@link #reset} before the next
   */
  public float[] push(float[] columns) {
    int rows = network.input().values();
    if (columns.length % rows != 0) {
      throw new IllegalArgumentException(
          "%d values are no whole number of columns of %d".formatted(columns.length, rows));
    }
    int width = columns.length / rows;
    List<float[]> pieces = new ArrayList<>();
    for (int done = 0; done < width; ) {
      int piece = streaming.piece(width - done);
      float[] part = piece == width ? columns : part(columns, rows, width, done, piece);
      pieces.add(push(part, piece));
      done += piece;
    }
    return joined(pieces);
  }

  private float[] push(float[] columns, int width) {
    StreamStep.Key key = new StreamStep.Key(List.of(carried), width);
    StreamStep step = streaming.step(key);
    float[] output = new float[0];
    if (step.program().isPresent()) {
      List<float[]> inputs = new ArrayList<>();
      inputs.add(columns);
      step.taken().forEach(operand -> inputs.add(state[operand.index()]));
      List<float[]> given = streaming.run(key, inputs);
      int next = step.outputs() > 0 ? 1 : 0;
      if (next > 0) {
        output = given.getFirst();
      }
      for (CausalStage.Operand operand : step.given()) {
        state[operand.index()] = given.get(next++);
      }
    }
    for (int i = 0; i < carried.length; i++) {
      carried[i] = step.after().get(i);
      if (carried[i] <= 0) {
        state[i] = new float[0];
      }
    }
    return output;
  }

  private static float[] part(float[] values, int rows, int width, int from, int columns) {
    float[] part = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(values, row * width + from, part, row * columns, columns);
    }
    return part;
  }

  private float[] joined(List<float[]> pieces) {
    if (pieces.size() == 1) {
      return pieces.getFirst();
    }
    int rows = network.output().values();
    int width = pieces.stream().mapToInt(piece -> piece.length).sum() / rows;
    float[] all = new float[rows * width];
    int done = 0;
    for (float[] piece : pieces) {
      int columns = piece.length / rows;
      for (int row = 0; row < rows; row++) {
        System.arraycopy(piece, row * columns, all, row * width + done, columns);
      }
      done += columns;
    }
    return all;
  }
}

package org.sepconv.session;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sepconv.Graph;
import org.sepconv.Operation;
import org.sepconv.Shape;

/**
 * A node of a network along time, as it runs on a part of a sequence.
 *
 * @param operation what runs on the columns that are there: without padding along time
 * @param operands by the place of the input: those that change with time; the others are constants
 */
record CausalStage(Graph.Node node, Operation operation, Map<Integer, Operand> operands) {

  /**
   * An input that changes with time. Of its columns those are carried over to the next part that
   * its window meets again, or that wait for another input.
   *
   * @param index among all operands of the network
   * @param source the value that it is
   * @param rows values of one column: N x C x H
   * @param padding columns before the first; where it is negative, so many are left out
   * @param fill what the padding holds
   * @param window columns that one column of the output needs
   * @param stride columns from one window to the next
   */
  record Operand(
      int index, String source, Rows rows, int padding, float fill, int window, int stride) {

    /**
     * How many columns of output there can be.
     *
     * @param columns carried over and new; negative where some are still to be left out
     */
    int outputs(int columns) {
      return columns < window ? 0 : (columns - window) / stride + 1;
    }
  }

  /** The sizes of a value beside its width. */
  record Rows(int n, int c, int h) {
    int values() {
      return n * c * h;
    }

    Shape of(int columns) {
      return new Shape(n, c, h, columns);
    }
  }

  CausalStage {
    operands = Collections.unmodifiableMap(new TreeMap<>(operands));
  }

  List<Operand> inOrder() {
    return List.copyOf(operands.values());
  }
}

package org.sepconv.spi;

import java.util.List;

/**
 * Where the values between the nodes of a graph lie while it runs, and how long: a step is a node,
 * in the order of the graph after its passes. Inputs and outputs of the graph lie in the caller's
 * tensors, weights and constants elsewhere; neither is here.
 *
 * @param bytes of all of it, for each run under way
 * @param steps names of the nodes
 * @param blocks each piece of it, in the order in which they are used first
 */
public record MemoryPlan(long bytes, List<String> steps, List<Block> blocks) {

  /** Of something that has nothing between. */
  public static final MemoryPlan NONE = new MemoryPlan(0, List.of(), List.of());

  /**
   * A piece of memory that holds one value, or values that replace it one after the other. Blocks
   * that are not used at the same time may lie on each other.
   *
   * @param values names of the nodes that give them
   * @param offset where it begins, in bytes
   * @param bytes how long it is
   * @param first the first step that uses it
   * @param last the last step that uses it
   */
  public record Block(List<String> values, long offset, long bytes, int first, int last) {
    public Block {
      values = List.copyOf(values);
    }

    /** Whether a step uses it. */
    public boolean isUsedAt(int step) {
      return first <= step && step <= last;
    }
  }

  public MemoryPlan {
    steps = List.copyOf(steps);
    blocks = List.copyOf(blocks);
  }

  /**
   * Bytes that a step uses, its inputs among them and what later steps need. The largest of all
   * steps is less than {@link #bytes()} where gaps are left between blocks.
   */
  public long bytesAt(int step) {
    return blocks.stream().filter(block -> block.isUsedAt(step)).mapToLong(Block::bytes).sum();
  }
}

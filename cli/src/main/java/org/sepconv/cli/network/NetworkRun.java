package org.sepconv.cli.network;

import java.util.List;
import java.util.Optional;
import org.sepconv.cli.cost.CostEntry;
import org.sepconv.cli.text.Timing;

/**
 * What {@code sepconv run} did, as JSON:
 *
 * @param title what it is: its width, or what wrote its file
 * @param weights where they come from
 * @param cost of a run, whatever runs it
 * @param choice the device, and why it
 * @param threads CPU threads that a run may use
 * @param passes what was fused and folded before it was prepared, a line for each kind
 * @param operations that a run does one after the other; fewer than the network has nodes where
 *     some are fused
 * @param operationsOnHost those of them that the device refuses
 * @param prepareSeconds the time to pack weights, to compile kernels, and to warm up
 * @param firstRunSeconds the first run after that
 * @param warm whether runs had stopped to become faster when they were measured
 * @param timing of later runs, on data that the device has
 * @param gflops FLOPs over the median time
 * @param predictedSeconds the sum of what the cost model says of each operation of the network
 * @param profile null unless it is asked for
 */
record NetworkRun(
    String network,
    String title,
    String weights,
    List<Input> inputs,
    List<Output> outputs,
    CostEntry cost,
    DeviceChoice choice,
    int threads,
    List<String> passes,
    int operations,
    int operationsOnHost,
    double prepareSeconds,
    double firstRunSeconds,
    boolean warm,
    Timing timing,
    double gflops,
    double predictedSeconds,
    Optional<Profile> profile) {

  /**
   * A tensor that the network takes.
   *
   * @param from a file, or {@code random}
   */
  record Input(String name, String shape, String from) {}

  /**
   * A tensor that it gives.
   *
   * @param file null if it is not kept
   * @param largest the largest values of the first image, with where they are
   */
  record Output(String name, String shape, Optional<String> file, List<Value> largest) {}

  /**
   * A value of an output.
   *
   * @param place its index in each dimension but the first
   */
  record Value(List<Integer> place, float value) {}
}

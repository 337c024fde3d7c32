package org.sepconv.cli.network;

import java.util.ArrayList;
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
    Choice choice,
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

  /**
   * Where it runs.
   *
   * @param name what the device calls itself
   * @param candidates the verdict on every device; empty if the user named one
   * @param estimates which predictions are estimates, and the way out; null if none is
   */
  record Choice(
      String device,
      String name,
      String reason,
      List<String> candidates,
      Optional<String> estimates) {}

  /**
   * Where the time goes.
   *
   * @param parts every operation as it runs
   * @param sumSeconds of them
   * @param runSeconds median of a whole run with its parts timed
   */
  record Profile(List<Entry> parts, double sumSeconds, double runSeconds) {

    /**
     * The reasons why operations run on the host, each with the names of those operations.
     *
     * @return names in the order of the parts
     */
    List<OnHost> onHost() {
      List<OnHost> all = new ArrayList<>();
      for (Entry part : parts) {
        part.onHost()
            .ifPresent(
                reason -> {
                  Optional<OnHost> known =
                      all.stream().filter(each -> each.reason.equals(reason)).findFirst();
                  known.ifPresentOrElse(
                      each -> each.names.add(part.name()),
                      () -> all.add(new OnHost(reason, new ArrayList<>(List.of(part.name())))));
                });
      }
      return all;
    }
  }

  /** Operations that run on the host for one reason. */
  record OnHost(String reason, List<String> names) {}

  /**
   * One operation of a run.
   *
   * @param name of the node; behind a dot, of a stage within it
   * @param kernel what runs
   * @param onHost why it runs on the host; null if it does not
   * @param seconds the median
   * @param gflops FLOPs over that; 0 for an operation without
   * @param limitShare {@code limitSeconds} as a share of this time
   * @param limitSeconds what the device would need at its peak, or to move the bytes, whichever is
   *     longer
   * @param predictedSeconds what the cost model says
   * @param bytes inputs, weights and outputs, each moved once
   */
  record Entry(
      String name,
      String operation,
      String kernel,
      Optional<String> onHost,
      double seconds,
      double gflops,
      double limitShare,
      double limitSeconds,
      double predictedSeconds,
      long flops,
      long bytes) {}
}

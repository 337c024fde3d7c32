package org.sepconv.cli.show;

import java.util.List;
import java.util.Optional;
import org.sepconv.cli.network.DeviceChoice;
import org.sepconv.cli.network.Profile;
import org.sepconv.cli.text.Timing;
import org.sepconv.graph.pass.PassReport;
import org.sepconv.spi.MemoryPlan;

/**
 * What {@code sepconv show} shows, as JSON:
 *
 * @param title what it is: its width, or what wrote its file
 * @param weights where they come from
 * @param choice the device that the passes are for, and why it
 * @param before the network as it is given
 * @param passes those that changed something, in their order
 * @param after what is run, in the order in which it is
 * @param run null unless a profile is asked for
 */
record Shown(
    String network,
    String title,
    String weights,
    DeviceChoice choice,
    ShownGraph before,
    List<Pass> passes,
    ShownGraph after,
    Optional<Run> run) {

  /**
   * What a pass did.
   *
   * @param changes a line for each, naming the nodes
   */
  record Pass(String pass, int nodesBefore, int nodesAfter, List<String> changes) {
    static Pass of(PassReport report) {
      return new Pass(
          report.pass(),
          report.before().nodes().size(),
          report.after().nodes().size(),
          report.changes());
    }
  }

  /**
   * A run that was timed.
   *
   * @param threads CPU threads that it may use
   * @param warm whether runs had stopped to become faster when they were measured
   * @param timing of runs whose parts are not timed
   * @param memory where values lie between the nodes, and how long
   */
  record Run(int threads, boolean warm, Timing timing, Profile profile, MemoryPlan memory) {}
}

package org.sepconv.cli.calibrate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.sepconv.KernelKind;

/** How far predicted times are from measured ones, and what that costs. */
final class Accuracy {
  private static final int WORST = 10;

  private Accuracy() {}

  /**
   * An operation on a device.
   *
   * @param error of the prediction, as a share of the measured time; negative where it took longer
   */
  record Row(
      String device,
      KernelKind kind,
      String operation,
      double measuredSeconds,
      double predictedSeconds,
      double error,
      String explanation) {

    static Row of(
        String device,
        KernelKind kind,
        String operation,
        double measured,
        double predicted,
        String explanation) {
      return new Row(
          device, kind, operation, measured, predicted, predicted / measured - 1, explanation);
    }
  }

  /** Of the absolute errors of some operations. */
  record Spread(int operations, double median, double percentile90) {
    static Spread of(List<Row> rows) {
      double[] errors = rows.stream().mapToDouble(row -> Math.abs(row.error)).sorted().toArray();
      return new Spread(errors.length, quantile(errors, 0.5), quantile(errors, 0.9));
    }

    private static double quantile(double[] sorted, double share) {
      return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
  }

  /**
   * A device.
   *
   * @param profile where its predictions come from
   * @param skipped operations that it could not run
   */
  record Device(
      String device,
      String profile,
      Spread all,
      Map<KernelKind, Spread> kinds,
      List<Row> worst,
      List<String> skipped) {

    static Device of(String device, String profile, List<Row> rows, List<String> skipped) {
      Map<KernelKind, List<Row>> byKind = new TreeMap<>();
      rows.forEach(row -> byKind.computeIfAbsent(row.kind, _ -> new ArrayList<>()).add(row));
      Map<KernelKind, Spread> kinds = new TreeMap<>();
      byKind.forEach((kind, some) -> kinds.put(kind, Spread.of(some)));
      List<Row> worst =
          rows.stream()
              .sorted(Comparator.comparingDouble((Row row) -> -Math.abs(row.error)))
              .limit(WORST)
              .toList();
      return new Device(device, profile, Spread.of(rows), kinds, worst, skipped);
    }
  }

  /**
   * What choosing costs.
   *
   * @param operations that at least two devices ran
   * @param right how many of them went to the device that was fastest
   * @param chosenSeconds of all of them on the chosen devices
   * @param bestSeconds of all of them on the devices that were fastest
   * @param regret by how much the first is longer, as a share of the second
   */
  record Regret(
      int operations, int right, double chosenSeconds, double bestSeconds, double regret) {

    /** Of the devices with the shortest predictions; empty where nothing was to be chosen. */
    static Optional<Regret> ofPredicted(List<Row> rows) {
      return of(
          rows,
          candidates -> candidates.stream().min(Comparator.comparingDouble(Row::predictedSeconds)));
    }

    /**
     * Of the devices that trials chose; empty where there was none.
     *
     * @param chosen the device for each operation that there was a trial of
     */
    static Optional<Regret> ofMeasured(List<Row> rows, Map<String, String> chosen) {
      return of(
          rows,
          candidates ->
              candidates.stream()
                  .filter(row -> row.device.equals(chosen.get(row.operation)))
                  .findFirst());
    }

    private static Optional<Regret> of(
        List<Row> rows, Function<List<Row>, Optional<Row>> selection) {
      int operations = 0;
      int right = 0;
      double chosen = 0;
      double best = 0;
      for (List<Row> candidates : byOperation(rows).values()) {
        Optional<Row> picked =
            candidates.size() < 2 ? Optional.empty() : selection.apply(candidates);
        if (picked.isEmpty()) {
          continue;
        }
        double seconds = picked.get().measuredSeconds;
        double fastest = candidates.stream().mapToDouble(Row::measuredSeconds).min().orElseThrow();
        operations++;
        right += seconds == fastest ? 1 : 0;
        chosen += seconds;
        best += fastest;
      }
      return operations == 0
          ? Optional.empty()
          : Optional.of(new Regret(operations, right, chosen, best, chosen / best - 1));
    }
  }

  /** The rows of each operation. */
  static Map<String, List<Row>> byOperation(List<Row> rows) {
    Map<String, List<Row>> byOperation = new LinkedHashMap<>();
    rows.forEach(
        row -> byOperation.computeIfAbsent(row.operation, _ -> new ArrayList<>()).add(row));
    return byOperation;
  }

  /**
   * What choosing costs, in both ways.
   *
   * @param predicted empty if no operation ran on two devices
   * @param measured empty if there was no trial
   */
  record Regrets(Optional<Regret> predicted, Optional<Regret> measured) {}

  /** The JSON document. */
  record Document(
      long seed, int operations, List<Device> devices, Regrets regret, List<Row> rows) {}
}

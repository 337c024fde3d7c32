package org.sepconv.bench.scan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.sepconv.bench.scan.ShapeSeries.Point;
import org.sepconv.calibration.Rounds;
import org.sepconv.calibration.Rounds.Outcome;
import org.sepconv.calibration.Workload;
import org.sepconv.cost.Cost;
import org.sepconv.cost.CostModel;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.spi.ConvBackend;

/** Walks series of shapes on a device and flags the cliffs. */
public final class ShapeScan {
  private final ConvBackend backend;
  private final DeviceProfile profile;
  private final Cliffs cliffs;

  /**
   * @param profile what predicts the times
   */
  public ShapeScan(ConvBackend backend, DeviceProfile profile, Cliffs cliffs) {
    this.backend = backend;
    this.profile = profile;
    this.cliffs = cliffs;
  }

  /**
   * Measures all shapes in turns.
   *
   * @param each the time for one of them
   * @return a row for each shape that the device runs, series by series
   */
  public List<ScanRow> run(List<ShapeSeries> series, Duration each, Rounds.Progress progress) {
    List<Workload> workloads =
        series.stream().flatMap(one -> one.points().stream()).map(Point::workload).toList();
    List<Outcome> outcomes = new Rounds(backend).measure(workloads, each, progress);
    List<ScanRow> rows = new ArrayList<>();
    int first = 0;
    for (ShapeSeries one : series) {
      int end = first + one.points().size();
      rows.addAll(rows(one, outcomes.subList(first, end)));
      first = end;
    }
    return rows;
  }

  private List<ScanRow> rows(ShapeSeries series, List<Outcome> outcomes) {
    double[] seconds =
        outcomes.stream().mapToDouble(outcome -> outcome.seconds().orElse(Double.NaN)).toArray();
    double[] predicted =
        series.points().stream()
            .mapToDouble(
                point -> {
                  Workload workload = point.workload();
                  return CostModel.predict(workload.convolution(), workload.input(), profile)
                      .seconds();
                })
            .toArray();
    return IntStream.range(0, seconds.length)
        .filter(i -> !Double.isNaN(seconds[i]))
        .mapToObj(
            i -> {
              Point point = series.points().get(i);
              Workload workload = point.workload();
              return new ScanRow(
                  series.name(),
                  series.parameter(),
                  point.value(),
                  workload.convolution().toString(),
                  workload.input().toString(),
                  backend.device().id(),
                  seconds[i],
                  predicted[i],
                  Cost.of(workload.convolution(), workload.input()).flops() / seconds[i] / 1e9,
                  cliffs.reasons(i, seconds, predicted));
            })
        .toList();
  }
}

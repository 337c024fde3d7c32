package org.sepconv.bench.scan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.sepconv.Problem;
import org.sepconv.bench.scan.ShapeSeries.Point;
import org.sepconv.calibration.Rounds;
import org.sepconv.calibration.Rounds.Outcome;
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
    List<Problem> problems =
        series.stream().flatMap(one -> one.points().stream()).map(Point::problem).toList();
    List<Outcome> outcomes = new Rounds(backend).measure(problems, each, progress);
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
            .mapToDouble(point -> CostModel.predict(point.problem(), profile).seconds())
            .toArray();
    return IntStream.range(0, seconds.length)
        .filter(i -> !Double.isNaN(seconds[i]))
        .mapToObj(
            i -> {
              Point point = series.points().get(i);
              Problem problem = point.problem();
              return new ScanRow(
                  series.name(),
                  series.parameter(),
                  point.value(),
                  problem.operation().toString(),
                  problem.source().shape().toString(),
                  backend.device().id(),
                  seconds[i],
                  predicted[i],
                  Cost.of(problem).flops() / seconds[i] / 1e9,
                  cliffs.reasons(i, seconds, predicted));
            })
        .toList();
  }
}

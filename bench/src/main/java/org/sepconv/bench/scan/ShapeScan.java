package org.sepconv.bench.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.sepconv.Convolution;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.bench.scan.ShapeSeries.Point;
import org.sepconv.conformance.DataKind;
import org.sepconv.conformance.TestData;
import org.sepconv.cost.Cost;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;

/** Walks series of shapes on a device and flags the cliffs. */
public final class ShapeScan {

  /** Predicts the seconds of one run on the device that is scanned. */
  public interface Predictor {
    double seconds(Convolution convolution, Shape input);
  }

  /** Told of every shape before it is measured. */
  public interface Listener {
    void measuring(ShapeSeries series, Point point);
  }

  private final Predictor predictor;
  private final ToDoubleFunction<Runnable> timer;
  private final Cliffs cliffs;
  private final Listener listener;

  /**
   * @param timer the seconds of one run, warm
   */
  public ShapeScan(
      Predictor predictor, ToDoubleFunction<Runnable> timer, Cliffs cliffs, Listener listener) {
    this.predictor = predictor;
    this.timer = timer;
    this.cliffs = cliffs;
    this.listener = listener;
  }

  /** Measures a series; shapes that the backend does not support are left out. */
  public List<ScanRow> run(ConvBackend backend, ShapeSeries series) {
    int count = series.points().size();
    double[] seconds = new double[count];
    double[] predicted = new double[count];
    String[] kernels = new String[count];
    Arrays.fill(seconds, Double.NaN);
    for (int i = 0; i < count; i++) {
      Point point = series.points().get(i);
      listener.measuring(series, point);
      TensorSpec source = TensorSpec.nhwc(point.input());
      predicted[i] = predictor.seconds(point.convolution(), point.input());
      if (backend.supports(point.convolution(), source, source.layout()) instanceof Support.Yes) {
        kernels[i] = measure(backend, point.convolution(), source, seconds, i);
      }
    }
    List<ScanRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (!Double.isNaN(seconds[i])) {
        Point point = series.points().get(i);
        rows.add(
            new ScanRow(
                series.name(),
                series.parameter(),
                point.value(),
                point.convolution().toString(),
                point.input().toString(),
                backend.device().id(),
                kernels[i],
                seconds[i],
                predicted[i],
                Cost.of(point.convolution(), point.input()).flops() / seconds[i] / 1e9,
                cliffs.reasons(i, seconds, predicted)));
      }
    }
    return rows;
  }

  private String measure(
      ConvBackend backend, Convolution convolution, TensorSpec source, double[] seconds, int i) {
    TestData data = TestData.of(convolution, source.shape(), DataKind.FLOATS, 1);
    Weights weights = data.weights();
    try (PreparedConvolution prepared = backend.prepare(convolution, weights, source);
        Tensor src = backend.allocate(source);
        Tensor dst = backend.allocate(prepared.destination())) {
      src.write(data.input()); // any order will do
      seconds[i] = timer.applyAsDouble(() -> prepared.run(src, dst));
      return prepared.kernel();
    }
  }
}

package org.sepconv.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.bench.implementation.Workload;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.Expectation;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.TestData;
import org.sepconv.reference.Reference;

/**
 * A variant of a layer.
 *
 * @param layer name of the layer that it is a variant of
 * @param shape what is measured
 */
public record BenchLayer(String layer, Variant variant, ShapeCase shape) implements Subject {
  private static final long SEED = 1;

  /**
   * How far an engine that is not ours may be beyond the bound of a correct float32 result: it is
   * measured all the same, and its row says so. Winograd's algorithm, for instance, is less exact.
   */
  private static final double PEER_TOLERANCE = 100;

  /** A layer as it is. */
  static BenchLayer given(ShapeCase shape) {
    return new BenchLayer(shape.name(), Variant.GIVEN, shape);
  }

  /**
   * The variants of layers, each layer's together.
   *
   * @param names of the layers wanted; empty for all
   * @param batch images at once; 0 for as many as the shapes have
   * @throws IllegalArgumentException if there is no layer of such a name, listing those there are,
   *     or none of these variants
   */
  public static List<BenchLayer> of(
      List<ShapeCase> shapes, List<String> names, List<Variant> variants, int batch) {
    List<BenchLayer> layers = new ArrayList<>();
    for (ShapeCase shape : chosen(shapes, names)) {
      ShapeCase layer = batch == 0 ? shape : withBatch(shape, batch);
      for (Variant variant : variants) {
        variant
            .of(layer)
            .ifPresent(derived -> layers.add(new BenchLayer(layer.name(), variant, derived)));
      }
    }
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("none of the layers has a variant %s".formatted(variants));
    }
    return layers;
  }

  private static ShapeCase withBatch(ShapeCase shape, int batch) {
    Shape input = shape.input();
    return new ShapeCase(
        shape.name(), shape.convolution(), new Shape(batch, input.c(), input.h(), input.w()));
  }

  private static List<ShapeCase> chosen(List<ShapeCase> shapes, List<String> names) {
    if (names.isEmpty()) {
      return shapes;
    }
    Map<String, ShapeCase> byName = new LinkedHashMap<>();
    shapes.forEach(shape -> byName.put(shape.name(), shape));
    List<ShapeCase> chosen = new ArrayList<>();
    for (String name : names) {
      if (!byName.containsKey(name)) {
        throw new IllegalArgumentException(
            "there is no layer '%s'; there are: %s"
                .formatted(name, String.join(", ", byName.keySet())));
      }
      chosen.add(byName.get(name));
    }
    return chosen;
  }

  @Override
  public String name() {
    return shape.name();
  }

  @Override
  public String description() {
    return shape.convolution().toString();
  }

  /** A line of a shape file. */
  @Override
  public String line() {
    return shape.toString();
  }

  @Override
  public Problem problem() {
    return shape.problem(Layout.NCHW);
  }

  private TestData data() {
    return TestData.of(shape, DataKind.FLOATS, SEED);
  }

  @Override
  public Workload workload() {
    return Workload.of(shape, data());
  }

  @Override
  public Reference.Result answer() {
    return Expectation.of(shape, data()).reference();
  }

  @Override
  public double peerTolerance() {
    return PEER_TOLERANCE;
  }
}

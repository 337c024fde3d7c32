package org.sepconv.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sepconv.Shape;
import org.sepconv.cases.ShapeCase;

/**
 * A variant of a layer.
 *
 * @param layer name of the layer that it is a variant of
 * @param shape what is measured
 */
public record BenchLayer(String layer, Variant variant, ShapeCase shape) {

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

  /**
   * At most so many, evenly spread over all; the variants of a layer stay together, and at least
   * one layer is left.
   */
  public static List<BenchLayer> spread(List<BenchLayer> layers, int count) {
    if (count >= layers.size()) {
      return layers;
    }
    List<String> names = layers.stream().map(BenchLayer::layer).distinct().toList();
    int wanted = Math.max(1, (int) ((long) count * names.size() / layers.size()));
    Set<String> chosen = new HashSet<>();
    for (int i = 0; i < wanted; i++) {
      chosen.add(names.get((int) ((long) i * names.size() / wanted)));
    }
    return layers.stream().filter(layer -> chosen.contains(layer.layer())).toList();
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
}

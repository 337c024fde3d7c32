package org.sepconv.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;

class VariantTest {

  private static final ShapeCase PAIR =
      ShapeFile.parseLine("p separable in=8x9x9 out=16 stride=2 padding=same bias=true");

  @Test
  void aSeparableLayerHasAllVariants() {
    assertEquals(Optional.of(PAIR), Variant.GIVEN.of(PAIR));
    assertEquals(Optional.of(PAIR), Variant.SEPARABLE.of(PAIR));
    assertEquals(
        "p/depthwise depthwise in=8x9x9 kernel=3 stride=2 padding=same bias=true",
        line(Variant.DEPTHWISE));
    assertEquals("p/pointwise pointwise in=8x5x5 out=16 bias=true", line(Variant.POINTWISE));
    assertEquals(
        "p/standard standard in=8x9x9 out=16 kernel=3 stride=2 padding=same bias=true",
        line(Variant.STANDARD));
  }

  private static String line(Variant variant) {
    return variant.of(PAIR).orElseThrow().toString();
  }

  @Test
  void aSingleConvolutionIsItsOwnKindAlone() {
    ShapeCase pointwise = ShapeFile.parseLine("p pointwise in=8x9x9 out=16");
    assertEquals(Optional.of(pointwise), Variant.GIVEN.of(pointwise));
    assertEquals(Optional.of(pointwise), Variant.POINTWISE.of(pointwise));
    assertEquals(Optional.empty(), Variant.STANDARD.of(pointwise));
    assertEquals(Optional.empty(), Variant.SEPARABLE.of(pointwise));
  }

  @Test
  void namesAreParsed() {
    for (Variant variant : Variant.values()) {
      assertEquals(variant, Variant.parse(variant.toString()));
    }
    String message =
        assertThrows(IllegalArgumentException.class, () -> Variant.parse("fused")).getMessage();
    assertTrue(message.contains("given, separable, depthwise, pointwise, standard"), message);
  }

  @Test
  void everyPairHasEveryVariantAtAnyBatch() {
    List<ShapeCase> pairs = ShapeFile.named("pairs");
    List<BenchLayer> layers = BenchLayer.of(pairs, List.of(), List.of(Variant.values()), 4);
    assertEquals(pairs.size() * Variant.values().length, layers.size());
    for (BenchLayer layer : layers) {
      assertEquals(4, layer.shape().input().n());
      // Forks get the line alone.
      assertEquals(layer.shape(), ShapeFile.parseLine(layer.shape().toString()));
    }
    assertTrue(pairs.stream().anyMatch(pair -> pair.toString().contains("in=64x56x56 out=64")));
  }

  @Test
  void spreadsAQuickChoice() {
    List<BenchLayer> layers =
        BenchLayer.of(ShapeFile.named("pairs"), List.of(), List.of(Variant.GIVEN), 0);
    assertEquals(layers, Subject.spread(layers, 10));
    assertEquals(List.of(layers.get(0), layers.get(3), layers.get(6)), Subject.spread(layers, 3));
    List<BenchLayer> both =
        BenchLayer.of(
            ShapeFile.named("pairs"), List.of(), List.of(Variant.GIVEN, Variant.STANDARD), 0);
    assertEquals(
        List.of(both.get(0), both.get(1), both.get(10), both.get(11)),
        Subject.spread(both, 5),
        "a layer keeps its variants");
    assertEquals(both.subList(0, 2), Subject.spread(both, 1), "at least one layer");
  }
}

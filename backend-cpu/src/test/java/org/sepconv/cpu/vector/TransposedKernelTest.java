package org.sepconv.cpu.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.ConvWeights;
import org.sepconv.Shape;
import org.sepconv.TransposedConv2d;
import org.sepconv.cpu.VectorModule;
import org.sepconv.cpu.kernel.Partition;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.cpu.memory.SpanArena;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.Upgrade;

class TransposedKernelTest {

  @Test
  void theTileOfEachTapIsUpgraded() {
    VectorModule.assumePresent();
    // No other test has this stride, whose tiles the JVM might have compiled already.
    TransposedConv2d conv = TransposedConv2d.of(64, 32).kernel(3, 2).stride(9, 17).build();
    TransposedKernel kernel =
        new TransposedKernel(
            conv,
            ConvWeights.of(new float[conv.filterSize()]),
            Shape.of(64, 8, 14),
            new VectorEmitter(TileChoice.standard(512), true),
            new PackedWeights(new SpanArena()));
    List<Upgrade> upgrades = kernel.upgrades(new Partition(8, 1, 1));
    assertEquals(2 * 3 * 2, upgrades.size(), "to general and to tuned code, for each tap");
  }
}

package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.VectorCode.each;

import org.sepconv.cpu.tile.VectorCode.Index;

/** Emits a {@link PixelCopy} or a {@link PixelScale}: loads and stores, four pixels a step. */
final class PixelCopyEmitter {

  /**
   * Everything that the code depends on.
   *
   * @param scaled whether it multiplies too
   */
  record Description(int bits, boolean scaled) {
    String className() {
      return (scaled ? "PixelScale_v" : "PixelCopy_v") + bits / Float.SIZE;
    }
  }

  private static final int STEP = 4;

  private final Description copy;

  PixelCopyEmitter(Description copy) {
    this.copy = copy;
  }

  <T> T emit(Class<T> type) {
    return Emission.newTile(type, copy.className(), copy.bits, this::body);
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    Index pixels = emission.value("pixels");
    int pixelSource = emission.parameter("srcOffset");
    int pixelTarget = emission.parameter("dstOffset");
    int source = code.intLocal();
    int target = code.intLocal();
    int factor = code.intLocal();
    int p = code.intLocal();
    code.set(p, code.constant(0));
    // All blocks of a few pixels, then of the next: what is written is one run for each pixel.
    for (int step : new int[] {STEP, 1}) {
      code.loop(
          p,
          code.local(p),
          code.plus(pixels, 1 - step),
          step,
          () -> {
            code.set(source, code.local(pixelSource));
            code.set(target, code.local(pixelTarget));
            if (copy.scaled) {
              code.set(factor, emission.value("factorOffset"));
            }
            code.loop(
                code.intLocal(),
                code.constant(0),
                emission.value("blocks"),
                1,
                () -> {
                  pixels(emission, source, target, factor, step);
                  code.increment(source, emission.value("srcBlockStep"));
                  code.increment(target, code.constant(copy.bits / Float.SIZE));
                  if (copy.scaled) {
                    code.increment(factor, emission.value("factorBlockStep"));
                  }
                });
            code.increment(pixelSource, code.times(emission.value("srcPixelStep"), step));
            code.increment(pixelTarget, code.times(emission.value("dstPixelStep"), step));
          });
    }
  }

  private void pixels(Emission emission, int source, int target, int factor, int step) {
    VectorCode code = emission.vectors();
    int x = code.vectorLocal();
    int factors = code.vectorLocal();
    if (copy.scaled) {
      code.load(factors, emission.parameter("factors"), code.local(factor));
    }
    each(
        step,
        i -> {
          Index from = code.times(emission.value("srcPixelStep"), i);
          code.load(x, emission.parameter("src"), code.plus(code.local(source), from));
          if (copy.scaled) {
            code.multiply(x, factors, x);
          }
          Index to = code.times(emission.value("dstPixelStep"), i);
          code.store(x, emission.parameter("dst"), code.plus(code.local(target), to));
        });
  }
}

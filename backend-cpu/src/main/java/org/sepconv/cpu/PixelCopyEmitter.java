package org.sepconv.cpu;

import static org.sepconv.cpu.VectorCode.each;

import org.sepconv.cpu.VectorCode.Emission;

/** Emits a {@link PixelCopy}: loads and stores with constant distances, four pixels a step. */
final class PixelCopyEmitter {

  /**
   * Everything that the code depends on.
   *
   * @param sourceStride distance between the pixels in a block
   * @param targetStride distance between the pixels where they go
   */
  record Description(int bits, int sourceStride, int targetStride) {
    String className() {
      return "PixelCopy_v%d_%d_%d".formatted(bits / Float.SIZE, sourceStride, targetStride);
    }
  }

  private static final int STEP = 4;

  private final Description copy;

  PixelCopyEmitter(Description copy) {
    this.copy = copy;
  }

  PixelCopy emit() {
    return VectorCode.newKernel(PixelCopy.class, copy.className(), copy.bits, this::body);
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    int block = code.intLocal();
    int blockSource = emission.parameter(1);
    int blockTarget = emission.parameter(4);
    int source = code.intLocal();
    int target = code.intLocal();
    int p = code.intLocal();
    code.loop(
        block,
        code.constant(0),
        code.local(emission.parameter(6)),
        1,
        () -> {
          code.set(source, code.local(blockSource));
          code.set(target, code.local(blockTarget));
          code.set(p, code.constant(0));
          for (int step : new int[] {STEP, 1}) {
            code.loop(
                p,
                code.local(p),
                code.plus(code.local(emission.parameter(5)), 1 - step),
                step,
                () -> pixels(emission, source, target, step));
          }
          code.increment(blockSource, code.local(emission.parameter(2)));
          code.increment(blockTarget, code.constant(copy.bits / Float.SIZE));
        });
  }

  private void pixels(Emission emission, int source, int target, int step) {
    VectorCode code = emission.vectors();
    int x = code.vectorLocal();
    each(
        step,
        i -> {
          code.load(x, emission.parameter(0), code.plus(code.local(source), i * copy.sourceStride));
          code.store(
              x, emission.parameter(3), code.plus(code.local(target), i * copy.targetStride));
        });
    code.increment(source, code.constant(step * copy.sourceStride));
    code.increment(target, code.constant(step * copy.targetStride));
  }
}

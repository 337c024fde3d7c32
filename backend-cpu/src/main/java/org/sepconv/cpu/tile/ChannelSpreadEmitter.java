package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.VectorCode.each;

/** Emits a {@link ChannelSpread}: for each pixel a load, and a shuffle and a store a channel. */
final class ChannelSpreadEmitter {

  /**
   * Everything that the code depends on.
   *
   * @param srcStride distance between neighbouring pixels of the source
   * @param channels of a group
   */
  record Description(int bits, int srcStride, int channels) {
    String className() {
      return "ChannelSpread_v%d_%d_%d".formatted(bits / Float.SIZE, srcStride, channels);
    }
  }

  private final Description spread;

  ChannelSpreadEmitter(Description spread) {
    this.spread = spread;
  }

  ChannelSpread emit() {
    return Emission.newTile(ChannelSpread.class, spread.className(), spread.bits, this::body);
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    int lanes = spread.bits / Float.SIZE;
    int source = emission.parameter("srcOffset");
    int target = emission.parameter("dstOffset");
    int[] shuffles = new int[spread.channels];
    each(
        shuffles.length,
        k -> {
          shuffles[k] = code.vectorLocal();
          code.shuffle(shuffles[k], emission.parameter("shuffles"), code.constant(k));
        });
    int x = code.vectorLocal();
    int y = code.vectorLocal();
    code.loop(
        code.intLocal(),
        code.constant(0),
        emission.value("pixels"),
        1,
        () -> {
          code.load(x, emission.parameter("src"), code.local(source));
          each(
              shuffles.length,
              k -> {
                code.copy(x, y);
                code.rearrange(y, shuffles[k]);
                code.store(y, emission.parameter("dst"), code.plus(code.local(target), k * lanes));
              });
          code.increment(source, code.constant(spread.srcStride));
          code.increment(target, code.constant(spread.channels * lanes));
        });
  }
}

package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.VectorCode.each;

import java.util.ArrayDeque;
import java.util.Deque;
import org.sepconv.cpu.tile.VectorCode.Index;
import org.sepconv.cpu.tile.VectorCode.Scalar;

/**
 * What a tile does of an activation, emitted.
 *
 * <p>Where {@link Clamp#boundsBits bits are bounded}, all values are added up before, over all of a
 * call: the sum is NaN if one of them was (and also where infinities meet).
 */
final class ActivationCode {
  private final VectorCode code;
  private final boolean boundsBits;
  private final int met;

  ActivationCode(VectorCode code, boolean boundsBits) {
    this.code = code;
    this.boundsBits = boundsBits;
    this.met = code.vectorLocal();
    if (boundsBits) {
      code.zero(met);
    }
  }

  /** Whether something that was NaN may have become a bound: 1 or 0. */
  Index lost() {
    return boundsBits ? code.anyNaN(met) : code.constant(0);
  }

  /** Puts what the tile does of the activation in the place of each vector. */
  void apply(int[] vectors, Clamp clamp) {
    if (clamp.hardSwish()) {
      hardSwish(vectors);
    }
    bound(vectors, clamp);
  }

  /**
   * Clamps each vector. Comparing and blending keeps NaN and takes two instructions, where the
   * Vector API's own max and min, which also order zeros, take five.
   */
  void bound(int[] vectors, Clamp clamp) {
    if (boundsBits) {
      // In pairs, and these in pairs: one after the other each would wait for the one before.
      Deque<Integer> left = new ArrayDeque<>();
      each(vectors.length, i -> left.add(vectors[i]));
      while (left.size() > 1) {
        int sum = code.vectorLocal();
        code.add(left.remove(), left.remove(), sum);
        left.add(sum);
      }
      code.add(met, left.remove(), met);
    }
    if (clamp.min() != Float.NEGATIVE_INFINITY) {
      bound(vectors, "LE", "max", clamp.min());
    }
    if (clamp.max() != Float.POSITIVE_INFINITY) {
      bound(vectors, "GT", "min", clamp.max());
    }
  }

  /**
   * @param comparison of what lies beyond the limit
   * @param ofBits what bounds integers
   */
  private void bound(int[] vectors, String comparison, String ofBits, float limit) {
    if (!boundsBits) {
      replaceWhere(vectors, comparison, code.literal(limit));
      return;
    }
    int bits = code.vectorLocal();
    code.broadcastBits(bits, code.literal(limit));
    for (int vector : vectors) {
      code.boundBits(vector, ofBits, bits);
    }
  }

  /** Clamps each vector between the {@code float} parameters of these slots. */
  void bound(int[] vectors, int minSlot, int maxSlot) {
    replaceWhere(vectors, "LE", code.scalar(minSlot));
    replaceWhere(vectors, "GT", code.scalar(maxSlot));
  }

  private void replaceWhere(int[] vectors, String comparison, Scalar limit) {
    int limits = code.vectorLocal();
    code.broadcast(limits, limit);
    for (int vector : vectors) {
      code.replaceWhere(vector, comparison, limits);
    }
  }

  /** Puts the hard-swish of each vector in its place. */
  void hardSwish(int[] vectors) {
    HardSwish activation =
        new HardSwish(
            (constant, i) -> code.broadcast(constant, code.literal(Clamp.HARD_SWISH_CONSTANTS[i])));
    each(vectors.length, i -> activation.apply(vectors[i]));
  }

  /** The hard-swish, with {@link Clamp#HARD_SWISH_CONSTANTS} from an array, from an index on. */
  HardSwish hardSwish(int arraySlot, Index index) {
    return new HardSwish((constant, i) -> code.broadcast(constant, arraySlot, code.plus(index, i)));
  }

  /** x * min(x + 3, 6) / 6, and zero where x + 3 is not positive; holds the constants. */
  final class HardSwish {
    private final int three = code.vectorLocal();
    private final int six = code.vectorLocal();
    private final int sixth = code.vectorLocal();
    private final int zero = code.vectorLocal();
    private final int sum = code.vectorLocal();
    private final int product = code.vectorLocal();
    private final int mask = code.vectorLocal();

    private HardSwish(ConstantLoad constants) {
      int[] all = {three, six, sixth, zero};
      each(all.length, i -> constants.load(all[i], i));
    }

    /** Puts the hard-swish of a vector in its place. */
    void apply(int x) {
      code.add(x, three, sum);
      code.compare(sum, "GT", six, mask);
      code.blend(sum, six, mask, product);
      code.multiply(x, product, product);
      code.multiply(product, sixth, product);
      code.compare(sum, "LE", zero, mask);
      code.blend(product, zero, mask, x);
    }
  }

  /** Loads the i-th constant into every lane of a vector. */
  private interface ConstantLoad {
    void load(int vector, int i);
  }
}

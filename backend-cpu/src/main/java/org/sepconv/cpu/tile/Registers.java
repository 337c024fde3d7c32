package org.sepconv.cpu.tile;

/**
 * Vector registers. A tile that needs more than there are keeps a sum on the stack, in the middle
 * of its chain of multiply-adds, and loses half of its speed and more: no emitter emits it.
 *
 * <p>What a tile needs was measured, see docs/benchmarks/2026-11-29-tiles-avx2-1-thread.md: one for
 * each sum, and one for each value that several multiply-adds meet, as far as C2 loads them ahead:
 * up to the next fence. A value that a single multiply-add meets needs none: it is read there.
 */
final class Registers {

  /** Of x86 without AVX-512; one less than there are, for with all of them in use C2 spills. */
  private static final int OF_FEWER_BITS = 15;

  /** Of AVX-512. */
  private static final int OF_512_BITS = 31;

  private Registers() {}

  /** How many a tile of vectors of this length may need. */
  static int usable(int bits) {
    return bits == 512 ? OF_512_BITS : OF_FEWER_BITS;
  }

  /**
   * Refuses a tile that would spill.
   *
   * @param tile its name
   * @param needed registers
   * @throws IllegalArgumentException if there are fewer
   */
  static void require(String tile, int bits, int needed) {
    if (needed > usable(bits)) {
      throw new IllegalArgumentException(
          "%s needs %d vector registers, but of %d bits there are %d: make it smaller, or its fences closer"
              .formatted(tile, needed, bits, usable(bits)));
    }
  }
}

package org.sepconv.conformance.file;

import java.util.Arrays;
import java.util.Random;

/** Valid files, damaged: the same damage for the same seed. */
public final class Mutations {
  private final Random random;

  /** A sequence of damage. */
  public Mutations(long seed) {
    this.random = new Random(seed);
  }

  /** The file with one of several kinds of damage, up to four times; a new array. */
  public byte[] of(byte[] file) {
    byte[] damaged = file.clone();
    for (int i = random.nextInt(4); i >= 0 && damaged.length > 0; i--) {
      damaged = once(damaged);
    }
    return damaged;
  }

  private byte[] once(byte[] file) {
    int at = place(file.length);
    switch (random.nextInt(7)) {
      case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> file[at] = (byte) random.nextInt(256);
      case 2 -> Arrays.fill(file, at, Math.min(file.length, at + 4), (byte) 0xFF);
      case 3 -> Arrays.fill(file, at, Math.min(file.length, at + 4), (byte) 0);
      case 4 -> file[at] = 0x7F;
      case 5 -> {
        return Arrays.copyOf(file, at);
      }
      default -> {
        int length = Math.min(1 + random.nextInt(16), file.length - at);
        System.arraycopy(file, at, file, place(file.length - length + 1), length);
      }
    }
    return file;
  }

  /** Headers and tables are in front: half of the damage is done in the first 64 bytes. */
  private int place(int length) {
    return random.nextInt(random.nextBoolean() ? length : Math.min(length, 64));
  }
}

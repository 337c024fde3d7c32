package org.sepconv.conformance.file;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Valid files, damaged: the same damage for the same seed. */
public final class Mutations {
  /** What texts and headers are sensitive to. */
  private static final String[] TOKENS = {
    "-1",
    "0",
    "99999999999999999999",
    "2147483647",
    "2147483648",
    "1e999",
    "NaN",
    "null",
    "[",
    "{",
    "[[[[[[[[",
    "}",
    "\"",
    ",",
    "\n",
    "\\u0000",
    "x",
    "="
  };

  private static final int[] NUMBERS = {
    0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x10000, 0x7FFF, 0x40000000
  };

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

  /** The start of a file with the end of another, damaged or not; a new array. */
  public byte[] of(byte[] file, byte[] other) {
    byte[] start = Arrays.copyOf(file, random.nextInt(file.length + 1));
    byte[] end = Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length);
    byte[] both = joined(start, end);
    return random.nextBoolean() ? both : of(both);
  }

  private byte[] once(byte[] file) {
    int at = place(file.length);
    switch (random.nextInt(11)) {
      case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> file[at] = (byte) random.nextInt(256);
      case 2 -> Arrays.fill(file, at, Math.min(file.length, at + 4), (byte) 0xFF);
      case 3 -> Arrays.fill(file, at, Math.min(file.length, at + 4), (byte) 0);
      case 4 -> file[at] = 0x7F;
      case 5 -> {
        return Arrays.copyOf(file, at);
      }
      case 6 -> number(file, at, NUMBERS[random.nextInt(NUMBERS.length)], random.nextBoolean());
      case 7 -> {
        byte[] token = TOKENS[random.nextInt(TOKENS.length)].getBytes(StandardCharsets.US_ASCII);
        return joined(joined(Arrays.copyOf(file, at), token), rest(file, at + random.nextInt(3)));
      }
      case 8 -> {
        return joined(Arrays.copyOf(file, at), rest(file, at + 1 + random.nextInt(8)));
      }
      case 9 -> { // a part twice
        int end = Math.min(file.length, at + 1 + random.nextInt(64));
        return joined(Arrays.copyOf(file, end), rest(file, at));
      }
      default -> {
        int length = Math.min(1 + random.nextInt(16), file.length - at);
        System.arraycopy(file, at, file, place(file.length - length + 1), length);
      }
    }
    return file;
  }

  private static void number(byte[] file, int at, int value, boolean bigEndian) {
    for (int i = 0; i < Integer.BYTES && at + i < file.length; i++) {
      file[at + i] = (byte) (value >> 8 * (bigEndian ? Integer.BYTES - 1 - i : i));
    }
  }

  private static byte[] rest(byte[] file, int from) {
    return Arrays.copyOfRange(file, Math.min(from, file.length), file.length);
  }

  private static byte[] joined(byte[] start, byte[] end) {
    byte[] both = Arrays.copyOf(start, start.length + end.length);
    System.arraycopy(end, 0, both, start.length, end.length);
    return both;
  }

  /** Headers and tables are in front: half of the damage is done in the first 64 bytes. */
  private int place(int length) {
    return random.nextInt(random.nextBoolean() ? length : Math.min(length, 64));
  }
}

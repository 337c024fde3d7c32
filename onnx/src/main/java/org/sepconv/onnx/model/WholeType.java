package org.sepconv.onnx.model;

import java.util.Arrays;

/** A type of whole numbers that ONNX has, with its range. */
public enum WholeType {
  INT8(3, Byte.MIN_VALUE, Byte.MAX_VALUE),
  UINT8(2, 0, 0xff),
  INT16(5, Short.MIN_VALUE, Short.MAX_VALUE),
  UINT16(4, 0, 0xffff),
  INT32(6, Integer.MIN_VALUE, Integer.MAX_VALUE),
  /** Any other, truth values among them, in 64 bits. */
  OTHER(7, Long.MIN_VALUE, Long.MAX_VALUE);

  private final int number;
  private final long lowest;
  private final long highest;

  WholeType(int number, long lowest, long highest) {
    this.number = number;
    this.lowest = lowest;
    this.highest = highest;
  }

  /** The one that ONNX gives this number. */
  public static WholeType of(long number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst().orElse(OTHER);
  }

  public long lowest() {
    return lowest;
  }

  public long highest() {
    return highest;
  }

  /** Whether activations may be rounded to it. */
  public boolean isShort() {
    return switch (this) {
      case INT8, UINT8, INT16, UINT16 -> true;
      case INT32, OTHER -> false;
    };
  }
}

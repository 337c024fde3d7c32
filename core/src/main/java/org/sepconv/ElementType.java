package org.sepconv;

/**
 * The type of the values of a tensor. A backend says no to the types that it does not know ({@link
 * org.sepconv.spi.ConvBackend#supports}).
 */
public enum ElementType {
  /** IEEE 754 binary32. */
  FLOAT32("float32", 4),
  /** IEEE 754 binary16. */
  FLOAT16("float16", 2),
  /** The upper half of a binary32. */
  BFLOAT16("bfloat16", 2),
  /** Signed, in two's complement. */
  INT8("int8", 1);

  private final String text;
  private final int bytes;

  ElementType(String text, int bytes) {
    this.text = text;
    this.bytes = bytes;
  }

  /** The size of one value. */
  public int bytes() {
    return bytes;
  }

  /** {@code float32}. */
  @Override
  public String toString() {
    return text;
  }
}

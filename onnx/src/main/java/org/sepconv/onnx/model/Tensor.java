package org.sepconv.onnx.model;

import java.util.Arrays;
import org.sepconv.Shape;

/**
 * Values that are known before a run, of any rank and possibly none: real numbers as float32, or
 * whole numbers, truth values among them. Immutable; equal to itself alone, so that what is made of
 * it can be kept by it.
 */
public final class Tensor {
  private static final float[] NO_FLOATS = {};
  private static final long[] NO_INTEGERS = {};

  private final int[] dimensions;
  private final boolean real;
  private final float[] floats;
  private final long[] integers;
  private final WholeType type;

  private Tensor(int[] dimensions, boolean real, float[] floats, long[] integers, WholeType type) {
    this.dimensions = dimensions;
    this.real = real;
    this.floats = floats;
    this.integers = integers;
    this.type = type;
    int size = size();
    if (elements(dimensions) != size) {
      throw new OnnxException(
          "a tensor of %s has %d values".formatted(Arrays.toString(dimensions), size));
    }
  }

  /** Real numbers, which must not be changed afterwards. */
  public static Tensor of(int[] dimensions, float[] values) {
    return new Tensor(dimensions.clone(), true, values, NO_INTEGERS, WholeType.OTHER);
  }

  /** Whole numbers, which must not be changed afterwards. */
  public static Tensor of(int[] dimensions, long[] values) {
    return of(dimensions, values, WholeType.OTHER);
  }

  /**
   * The same of a type.
   *
   * @throws OnnxException if a value is beyond its range
   */
  public static Tensor of(int[] dimensions, long[] values, WholeType type) {
    for (long value : values) {
      if (value < type.lowest() || value > type.highest()) {
        throw new OnnxException("a value of type %s is %d".formatted(type, value));
      }
    }
    return new Tensor(dimensions.clone(), false, NO_FLOATS, values, type);
  }

  /** A list of whole numbers: a shape, for instance. */
  public static Tensor vector(long... values) {
    return of(new int[] {values.length}, values);
  }

  /**
   * The product of dimensions.
   *
   * @throws OnnxException if one is negative, or an array cannot hold as many values
   */
  public static int elements(int[] dimensions) {
    double product = 1;
    for (int size : dimensions) {
      if (size < 0) {
        throw new OnnxException("a dimension is " + size + ", but must not be negative");
      }
      product *= size;
    }
    if (product > Shape.MAX_ELEMENTS) {
      throw new OnnxException(
          "a tensor of %s has more values than the %d that one array can hold"
              .formatted(Arrays.toString(dimensions), Shape.MAX_ELEMENTS));
    }
    return (int) product;
  }

  public boolean isReal() {
    return real;
  }

  /** The type of whole numbers, as the file has it; OTHER where they were computed. */
  public WholeType type() {
    return type;
  }

  public int rank() {
    return dimensions.length;
  }

  public int dimension(int axis) {
    return dimensions[axis];
  }

  /** A copy. */
  public int[] dimensions() {
    return dimensions.clone();
  }

  /** How many values it has. */
  public int size() {
    return real ? floats.length : integers.length;
  }

  public double real(int index) {
    return real ? floats[index] : integers[index];
  }

  /** A whole number; of real ones the part before the point. */
  public long integer(int index) {
    return real ? (long) floats[index] : integers[index];
  }

  /** All values as float32; must not be changed. */
  public float[] floats() {
    if (real) {
      return floats;
    }
    float[] converted = new float[integers.length];
    for (int i = 0; i < converted.length; i++) {
      converted[i] = integers[i];
    }
    return converted;
  }

  /** A copy of all values as whole numbers. */
  public long[] integers() {
    long[] converted = new long[size()];
    for (int i = 0; i < converted.length; i++) {
      converted[i] = integer(i);
    }
    return converted;
  }

  /** All values as sizes or positions, clamped to what an int holds. */
  public int[] ints() {
    int[] converted = new int[size()];
    for (int i = 0; i < converted.length; i++) {
      long value = integer(i);
      // Beyond all dimensions is where exporters put "to the end".
      converted[i] = Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    return converted;
  }

  /** The same values with other dimensions. */
  public Tensor reshaped(int... other) {
    return new Tensor(other.clone(), real, floats, integers, type);
  }

  @Override
  public String toString() {
    return "%s tensor of %s".formatted(isReal() ? "real" : "whole", Arrays.toString(dimensions));
  }
}

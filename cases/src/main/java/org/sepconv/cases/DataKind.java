package org.sepconv.cases;

/** Which numbers a convolution is tried with. */
public enum DataKind {
  /** Small whole numbers, whose sums are exact in float32 in any order: compared exactly. */
  INTEGERS,
  /** Random floats: compared within the bound of the reference. */
  FLOATS,
  /** Random floats with NaN and infinities here and there in the input, not in the weights. */
  NOT_FINITE
}

package org.sepconv.cpu.tile;

/**
 * The {@link GeneralMatrixTile} in plain loops, which the JVM compiles within some ten
 * milliseconds: for the first run. Six sums at a time, one for each row.
 *
 * @param lanes of a vector
 */
record PlainMatrixTile(int lanes) implements GeneralMatrixTile {

  @Override
  public void compute(
      float[] a,
      int aOffset,
      int[] places,
      int firstPlace,
      int[] taps,
      int depth,
      float[] panel,
      int panelOffset,
      int panelStep,
      int second,
      float[] bias,
      int biasOffset,
      int biased,
      float[] addend,
      int addendOffset,
      int added,
      float[] out,
      int outOffset,
      int vectorStep,
      float min,
      float max,
      int hardSwish,
      int heat) {
    int vectors = second == 0 ? 1 : VECTORS;
    float[] sums = new float[ROWS];
    for (int o = 0; o < vectors * lanes; o++) {
      int output = o / lanes * second + o % lanes;
      int place = o / lanes * vectorStep + o % lanes;
      column(
          a,
          aOffset,
          places,
          firstPlace,
          taps,
          depth,
          panel,
          panelOffset + output,
          panelStep,
          sums);
      float plus = biased > 0 ? bias[biasOffset + output] : 0;
      for (int r = 0; r < ROWS; r++) {
        int at = places[firstPlace + ROWS + r] + place;
        float sum = added > 0 ? sums[r] + addend[addendOffset + at] : sums[r];
        sums[r] = biased > 0 ? sum + plus : sum;
      }
      for (int r = 0; r < ROWS; r++) {
        out[outOffset + places[firstPlace + ROWS + r] + place] =
            Clamp.of(sums[r], min, max, hardSwish > 0);
      }
    }
  }

  /** The sums of one output of each row. */
  private static void column(
      float[] a,
      int aOffset,
      int[] places,
      int first,
      int[] taps,
      int depth,
      float[] panel,
      int panelOffset,
      int panelStep,
      float[] sums) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    int at = panelOffset;
    for (int tap : taps) {
      int start = aOffset + tap;
      int r0 = start + places[first];
      int r1 = start + places[first + 1];
      int r2 = start + places[first + 2];
      int r3 = start + places[first + 3];
      int r4 = start + places[first + 4];
      int r5 = start + places[first + 5];
      for (int k = 0; k < depth; k++) {
        float w = panel[at];
        s0 = Math.fma(a[r0 + k], w, s0);
        s1 = Math.fma(a[r1 + k], w, s1);
        s2 = Math.fma(a[r2 + k], w, s2);
        s3 = Math.fma(a[r3 + k], w, s3);
        s4 = Math.fma(a[r4 + k], w, s4);
        s5 = Math.fma(a[r5 + k], w, s5);
        at += panelStep;
      }
    }
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
    sums[4] = s4;
    sums[5] = s5;
  }
}

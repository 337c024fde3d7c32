package org.sepconv.opencl.kernel;

import java.util.HashMap;
import java.util.Map;

/**
 * The register tile of matrix_cpu.cl and separable_cpu.cl, and what a work-item computes with it.
 *
 * @param width channels of a vector
 * @param tilesPerItem tiles that a work-item computes, one after the other
 * @param panelsPerItem panels of weights that it computes each of them with
 */
record CpuTile(int pixels, int vectors, int width, int tilesPerItem, int panelsPerItem) {

  String name() {
    return "%dx%dv%d-%dt%dp-cpu".formatted(pixels, vectors, width, tilesPerItem, panelsPerItem);
  }

  /** Outputs of a panel of weights. */
  int panelWidth() {
    return vectors * width;
  }

  /** Work-items that it takes to compute all of these pixels. */
  long strips(int allPixels) {
    return Math.ceilDiv(allPixels, pixels * tilesPerItem);
  }

  /** Constants of a program with this tile, to which others can be added. */
  Map<String, String> constants(boolean residual, Epilogue... epilogues) {
    Map<String, String> constants = new HashMap<>(Epilogue.constants(residual, epilogues));
    constants.put("WIDTH", "" + width);
    constants.put("PIXELS", "" + pixels);
    constants.put("VECTORS", "" + vectors);
    return constants;
  }
}

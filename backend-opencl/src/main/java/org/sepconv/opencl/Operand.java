package org.sepconv.opencl;

import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;

/** What a kernel reads and fills, both NHWC, and the convolution between them. */
record Operand(Argument source, Argument destination, ConvGeometry geometry) {

  Conv2d conv() {
    return geometry.conv();
  }

  /** Output pixels of all images. */
  int pixels() {
    return geometry.output().n() * geometry.output().h() * geometry.output().w();
  }
}

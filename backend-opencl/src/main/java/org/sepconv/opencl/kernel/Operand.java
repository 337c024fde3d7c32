package org.sepconv.opencl.kernel;

import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;

/**
 * What a kernel reads and fills, all NHWC, and the convolution between them.
 *
 * @param residual of no account where the convolution adds none
 */
public record Operand(
    Argument source, Argument residual, Argument destination, ConvGeometry geometry) {

  /** From the plan's source to its destination. */
  public static Operand ofPlan(ConvGeometry geometry) {
    return new Operand(Argument.SOURCE, Argument.RESIDUAL, new Argument.Destination(), geometry);
  }

  public Conv2d conv() {
    return geometry.conv();
  }

  /** Output pixels of all images. */
  int pixels() {
    return geometry.output().n() * geometry.output().h() * geometry.output().w();
  }

  /** Whether output pixel i is computed from input pixel i alone. */
  boolean isProduct() {
    Conv2d conv = conv();
    return conv.kernelH() == 1
        && conv.kernelW() == 1
        && geometry.input().h() == geometry.output().h()
        && geometry.input().w() == geometry.output().w()
        && geometry.padding().top() == 0
        && geometry.padding().left() == 0;
  }
}

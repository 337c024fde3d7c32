package org.sepconv.djl;

import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.cost.Cost;

/**
 * Which operator of the engine convolves.
 *
 * <p>Microseconds of one thread (AVX-512, PyTorch 2.7.1), bias, no activation:
 *
 * <pre>
 *                               NHWC              NCHW
 *                          ONEDNN  ENGINE    ONEDNN  ENGINE
 *   pointwise 14x14x64         31      16        41      17
 *   pointwise 56x56x64        146     170       308     150
 *   pointwise 14x14x512       483     544       745     616
 *   pointwise 7x7x1024        566     800       649     742
 *   depthwise 14x14x64         26      36        33      54
 *   depthwise 56x56x64         66      81       205     165
 *   standard 3x3 14x14x32      39      31        45      49
 *   standard 3x3 56x56x64    1041    1110      1207    1317
 * </pre>
 */
enum Kernels {
  /** oneDNN with filters packed beforehand, which costs 20 us a call. */
  ONEDNN,
  /** What {@code torch.conv2d} chooses in every run. */
  ENGINE;

  /** Below, the engine's own product is over before oneDNN has found its kernel. */
  private static final long FEW_MACS = 5_000_000;

  /**
   * Pointwise, products for each value, that pay for oneDNN's order and for the way back to NCHW.
   */
  private static final long MACS_PER_VALUE = 400;

  /** The same for kernels that compute little, depthwise above all: values of the input. */
  private static final int MANY_VALUES = 150_000;

  /**
   * The faster one for a convolution, by rules and not by a stopwatch, so that the same convolution
   * gives the same bits every time.
   *
   * @param layout of the input
   */
  static Kernels choose(ConvGeometry geometry, Layout layout, int threads) {
    Conv2d conv = geometry.conv();
    Shape in = geometry.input();
    if (conv.groups() > 1) {
      return layout == Layout.NCHW && in.elements() > MANY_VALUES ? ENGINE : ONEDNN;
    }
    if (!multiplies(geometry, threads)) {
      return ONEDNN; // the engine would use it as well, without packing
    }
    long macs = Cost.of(conv, in).macs();
    long values = (long) in.elements() + geometry.output().elements();
    boolean reordered = layout == Layout.NCHW && macs < MACS_PER_VALUE * values;
    return macs < FEW_MACS || (isPointwise(conv) && reordered) ? ENGINE : ONEDNN;
  }

  /**
   * Whether {@code torch.conv2d} computes a matrix product of its own instead of asking oneDNN: its
   * condition {@code use_mkldnn}.
   */
  private static boolean multiplies(ConvGeometry geometry, int threads) {
    Conv2d conv = geometry.conv();
    Shape in = geometry.input();
    boolean plainPointwise =
        isPointwise(conv)
            && conv.strideH() == 1
            && conv.strideW() == 1
            && conv.dilationH() == 1
            && conv.dilationW() == 1
            && in.n() < 16
            && threads == 1;
    boolean small =
        in.n() == 1 && in.elements() <= 20_480 && (conv.kernelH() <= 3 || conv.kernelW() <= 3);
    return plainPointwise || small;
  }

  private static boolean isPointwise(Conv2d conv) {
    return conv.kernelH() == 1 && conv.kernelW() == 1;
  }
}

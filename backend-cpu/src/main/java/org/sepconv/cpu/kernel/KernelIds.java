package org.sepconv.cpu.kernel;

import java.util.Locale;
import org.sepconv.Conv2d;
import org.sepconv.TransposedConv2d;

/** The part of a kernel's id that says what it computes: {@code f32-depthwise-nchw16c-3x3s2}. */
public final class KernelIds {
  private KernelIds() {}

  public static String of(Conv2d conv, String layout) {
    String kind = conv.kind().name().toLowerCase(Locale.ROOT);
    return "f32-%s-%s-%s".formatted(kind, layout, shape(conv));
  }

  /** Kernel, stride, and dilation where there is one: {@code 3x3s2d2}. */
  public static String shape(Conv2d conv) {
    String shape =
        conv.kernelH() + "x" + conv.kernelW() + "s" + pair(conv.strideH(), conv.strideW());
    boolean dilated = conv.dilationH() != 1 || conv.dilationW() != 1;
    return dilated ? shape + "d" + pair(conv.dilationH(), conv.dilationW()) : shape;
  }

  /** The same of a transposed convolution: {@code f32-transposed-nchw16c-2x2s2}. */
  public static String of(TransposedConv2d conv, String layout) {
    boolean dilated = conv.dilationH() != 1 || conv.dilationW() != 1;
    return "f32-transposed-%s-%dx%ds%s%s"
        .formatted(
            layout,
            conv.kernelH(),
            conv.kernelW(),
            pair(conv.strideH(), conv.strideW()),
            dilated ? "d" + pair(conv.dilationH(), conv.dilationW()) : "");
  }

  private static String pair(int vertical, int horizontal) {
    return vertical == horizontal ? "" + vertical : vertical + "x" + horizontal;
  }
}

package org.sepconv;

/**
 * A {@link Conv2d} on one input shape, with nothing left to compute: what a kernel loops over.
 *
 * @param input N x C x H x W
 * @param output N x O x H' x W', with {@code H' = (H + top + bottom - KH_effective) / strideH + 1}
 * @param padding the zeros on each side
 */
public record ConvGeometry(Conv2d conv, Shape input, Shape output, Padding.Explicit padding) {

  static ConvGeometry of(Conv2d conv, Shape input) {
    if (input.c() != conv.inChannels()) {
      throw new IllegalArgumentException(
          "input has %d channels, but the filter expects %d (groups=%d)"
              .formatted(input.c(), conv.inChannels(), conv.groups()));
    }
    int kernelH = conv.effectiveKernelH();
    int kernelW = conv.effectiveKernelW();
    Padding.Explicit padding =
        conv.padding()
            .resolve(input.h(), input.w(), kernelH, kernelW, conv.strideH(), conv.strideW());
    int height =
        outputs("height", input.h(), padding.top(), padding.bottom(), kernelH, conv.strideH());
    int width =
        outputs("width", input.w(), padding.left(), padding.right(), kernelW, conv.strideW());
    return new ConvGeometry(
        conv, input, new Shape(input.n(), conv.outChannels(), height, width), padding);
  }

  private static int outputs(String what, int size, int before, int after, int kernel, int stride) {
    long padded = (long) size + before + after;
    if (padded < kernel) {
      throw new IllegalArgumentException(
          "the output would be empty: padded input %s is %d (%d + %d + %d), smaller than the effective kernel %d"
              .formatted(what, padded, before, size, after, kernel));
    }
    if (padded > Shape.MAX_ELEMENTS) {
      throw new IllegalArgumentException(
          "padded input %s is %d, more than %d".formatted(what, padded, Shape.MAX_ELEMENTS));
    }
    return (int) ((padded - kernel) / stride + 1);
  }

  /** The row of input that the first filter row meets for output row {@code y}; may be negative. */
  public int inputRow(int y) {
    return y * conv.strideH() - padding.top();
  }

  /** The column of input that the first filter column meets for output column {@code x}. */
  public int inputColumn(int x) {
    return x * conv.strideW() - padding.left();
  }

  /** The first filter row that meets the input, not the padding, for output row {@code y}. */
  public int firstTapRow(int y) {
    return firstTap(inputRow(y), conv.dilationH(), conv.kernelH());
  }

  /** One past the last filter row that meets the input for output row {@code y}. */
  public int endTapRow(int y) {
    return endTap(inputRow(y), input.h(), conv.dilationH(), conv.kernelH());
  }

  /** The first filter column that meets the input for output column {@code x}. */
  public int firstTapColumn(int x) {
    return firstTap(inputColumn(x), conv.dilationW(), conv.kernelW());
  }

  /** One past the last filter column that meets the input for output column {@code x}. */
  public int endTapColumn(int x) {
    return endTap(inputColumn(x), input.w(), conv.dilationW(), conv.kernelW());
  }

  private static int firstTap(int start, int dilation, int kernel) {
    return start >= 0 ? 0 : Math.min(kernel, (-start - 1) / dilation + 1);
  }

  private static int endTap(int start, int size, int dilation, int kernel) {
    return start >= size ? 0 : Math.min(kernel, (size - 1 - start) / dilation + 1);
  }
}

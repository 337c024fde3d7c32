// f32-FUNCTION-pool-nhwc: the maximum or the mean of a window of each channel.
//
//   dst[n, y, x, c] = FUNCTION over i, j of src[n, y * strideH - top + i, x * strideW - left + j, c]
//
// A line is a pixel of the output, its values are the channels. Padding takes no part in a maximum; a mean divides by `divisor`,
// or where that is 0 by the number of values that there are.
//
// -D FUNCTION MAX or AVERAGE, -D WIDTH channels at once, -D GROUP.

#define LARGER(x, y) select(select((y), (x), isgreater((x), (y))), (x), isnan(x))
#define START_AVERAGE 0
#define START_MAX -INFINITY
#define JOIN_AVERAGE(x, y) ((x) + (y))
#define JOIN_MAX(x, y) LARGER(x, y)
#define JOIN(x, y) PASTE(JOIN_, FUNCTION)(x, y)
#define START PASTE(START_, FUNCTION)

#define FOR_EACH_TAP                                                                    \
  for (int v = firstRow; v < endRow; v++)                                               \
    for (int w = firstColumn; w < endColumn; w++)

__attribute__((reqd_work_group_size(GROUP, 1, 1)))
__kernel void pool(
    const __global ELEMENT* restrict src, __global ELEMENT* restrict dst, const int divisor, WORK,
    const int inH, const int inW, const int outH, const int outW, const int kernelH, const int kernelW,
    const int strideH, const int strideW, const int top, const int left) {
  FOR_MY_LINES {
    int n, row, column;
    LOCATE(line, n, row, column);
    const int firstRow = max(row, 0);
    const int endRow = min(row + kernelH, inH);
    const int firstColumn = max(column, 0);
    const int endColumn = min(column + kernelW, inW);
    const int count = divisor > 0 ? divisor : (endRow - firstRow) * (endColumn - firstColumn);
    const __global ELEMENT* image = src + (size_t)n * inH * inW * length;
    __global ELEMENT* to = dst + (size_t)line * length;
    int i = begin;
    for (; i + WIDTH <= end; i += WIDTH) {
      VECTOR(WIDTH) result = (VECTOR(WIDTH))(START);
      FOR_EACH_TAP {
        const VECTOR(WIDTH) x = LOAD(WIDTH, image + (size_t)(v * inW + w) * length + i);
        result = JOIN(result, x);
      }
      STORE(WIDTH, result / (ELEMENT)count, to + i);
    }
    for (; i < end; i++) {
      ELEMENT result = START;
      FOR_EACH_TAP {
        const ELEMENT x = image[(size_t)(v * inW + w) * length + i];
        result = JOIN(result, x);
      }
      to[i] = result / (ELEMENT)count;
    }
  }
}

// f32-linear-resize-nhwc: each pixel of the output between four of the input.
//
//   dst[n, y, x, c] = (1 - v) * ((1 - u) * src[n, y0, x0, c] + u * src[n, y0, x1, c]) + v * (the same of y1)
//
// A line is a pixel of the output, its values are the channels. `places` holds y0 and y1 of each row of the output, then x0 and x1 of
// each column; `shares` the v of each row, then the u of each column.
//
// -D WIDTH channels at once, -D GROUP.

#define BETWEEN(F, at)                                                                                      \
  ((F)(1 - v) * ((F)(1 - u) * at(y0, x0) + (F)(u) * at(y0, x1)) + (F)(v) * ((F)(1 - u) * at(y1, x0) + (F)(u) * at(y1, x1)))
#define PIXEL(y, x) (image + (size_t)((y) * inW + (x)) * length + i)
#define PIXELS(y, x) LOAD(WIDTH, PIXEL(y, x))
#define VALUE(y, x) (*PIXEL(y, x))

__attribute__((reqd_work_group_size(GROUP, 1, 1)))
__kernel void resize(
    const __global ELEMENT* restrict src, const __global int* restrict places, const __global ELEMENT* restrict shares,
    __global ELEMENT* restrict dst, WORK, const int inH, const int inW, const int outH, const int outW) {
  FOR_MY_LINES {
    const int rows = line / outW;
    const int x = line - rows * outW;
    const int n = rows / outH;
    const int y = rows - n * outH;
    const int y0 = places[2 * y];
    const int y1 = places[2 * y + 1];
    const int x0 = places[2 * (outH + x)];
    const int x1 = places[2 * (outH + x) + 1];
    const ELEMENT v = shares[y];
    const ELEMENT u = shares[outH + x];
    const __global ELEMENT* image = src + (size_t)n * inH * inW * length;
    __global ELEMENT* to = dst + (size_t)line * length;
    int i = begin;
    for (; i + WIDTH <= end; i += WIDTH) {
      STORE(WIDTH, BETWEEN(VECTOR(WIDTH), PIXELS), to + i);
    }
    for (; i < end; i++) {
      to[i] = BETWEEN(ELEMENT, VALUE);
    }
  }
}

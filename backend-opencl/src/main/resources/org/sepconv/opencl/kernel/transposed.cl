// f32-transposed-nhwc: transposed convolutions, gathered: each output sums what the taps bring to its place.
//
//   dst[n, y, x, o] = activation(bias[o] + sum over i, j, c of src[n, v, w, c] * filter[c, o, i, j])
//       where v * strideH = y + top - i * dilationH and w * strideW = x + left - j * dilationW
//
// A line is a pixel of the output, its `length` values are blocks of WIDTH outputs of a group: `blocks` of each group.
// packed: [group][i][j][channel][output of the group, padded to whole blocks]; bias: [group][output, padded].
//
// -D ACT activation, -D WIDTH outputs at once, -D GROUP.

__attribute__((reqd_work_group_size(GROUP, 1, 1)))
__kernel void transposed(
    const __global ELEMENT* restrict src, const __global ELEMENT* restrict packed, const __global ELEMENT* restrict bias,
    __global ELEMENT* restrict dst, const float low, const float high, const int kind, WORK,
    const int channels, const int outputs, const int blocks, const int inC, const int outC,
    const int inH, const int inW, const int outH, const int outW, const int kernelH, const int kernelW,
    const int strideH, const int strideW, const int dilationH, const int dilationW, const int top, const int left) {
  const int padded = blocks * WIDTH;
  FOR_MY_LINES {
    const int rows = line / outW;
    const int x = line - rows * outW;
    const int n = rows / outH;
    const int y = rows - n * outH;
    for (int unit = begin; unit < end; unit++) {
      const int group = unit / blocks;
      const int first = (unit - group * blocks) * WIDTH;
      const __global ELEMENT* image = src + (size_t)n * inH * inW * inC + group * channels;
      const __global ELEMENT* filter = packed + (size_t)group * kernelH * kernelW * channels * padded + first;
      VECTOR(WIDTH) sum = (VECTOR(WIDTH))(0);
      for (int i = 0; i < kernelH; i++) {
        const int row = y + top - i * dilationH;
        const int v = row / strideH;
        if (row < 0 || v >= inH || v * strideH != row) {
          continue;
        }
        for (int j = 0; j < kernelW; j++) {
          const int column = x + left - j * dilationW;
          const int w = column / strideW;
          if (column < 0 || w >= inW || w * strideW != column) {
            continue;
          }
          const __global ELEMENT* pixel = image + (size_t)(v * inW + w) * inC;
          const __global ELEMENT* taps = filter + (size_t)(i * kernelW + j) * channels * padded;
          for (int c = 0; c < channels; c++) {
            sum = (VECTOR(WIDTH))(pixel[c]) * LOAD(WIDTH, taps + (size_t)c * padded) + sum;
          }
        }
      }
      sum += LOAD(WIDTH, bias + group * padded + first);
      ELEMENT lanes[WIDTH];
      STORE(WIDTH, ACTIVATE(VECTOR(WIDTH), sum, low, high, kind), lanes);
      __global ELEMENT* to = dst + (size_t)line * outC + group * outputs + first;
      for (int lane = 0; lane < WIDTH && first + lane < outputs; lane++) {
        to[lane] = lanes[lane];
      }
    }
  }
}

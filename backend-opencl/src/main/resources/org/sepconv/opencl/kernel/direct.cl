// f32-direct: any convolution in any layout, one output value for each work-item.
//
//   dst[n, o, y, x] = activation(bias[o] + residual[n, o, y, x] +
//     sum over c, i, j of src[n, g * C/groups + c, row, column] * filter[o, c, i, j])
//
// Work-items follow the order of the destination. The filter is as the API gives it, O x C/groups x KH x KW.
// -D ACT activation, -D GROUP work-items of a work-group, -D RESIDUAL where there is one.

__attribute__((reqd_work_group_size(GROUP, 1, 1)))
__kernel void direct(
    const __global ELEMENT* restrict src, const __global ELEMENT* restrict filter, const __global ELEMENT* restrict bias,
    OUTPUT, const float low, const float high, const int kind, const int total,
    const int inC, const int inH, const int inW, const int outC, const int outH, const int outW,
    const int kernelH, const int kernelW, const int strideH, const int strideW,
    const int dilationH, const int dilationW, const int top, const int left,
    const int channels, const int outputs, const int srcNhwc, const int dstNhwc) {
  const size_t id = get_global_id(0);
  if (id >= (size_t)total) {
    return;
  }
  int rest = (int)id;
  int n, o, y, x;
  if (dstNhwc) {
    o = rest % outC;
    rest /= outC;
    x = rest % outW;
    rest /= outW;
    y = rest % outH;
    n = rest / outH;
  } else {
    x = rest % outW;
    rest /= outW;
    y = rest % outH;
    rest /= outH;
    o = rest % outC;
    n = rest / outC;
  }
  const int firstRow = y * strideH - top;
  const int firstColumn = x * strideW - left;
  const int firstChannel = o / outputs * channels;
  const int channelStride = srcNhwc ? 1 : inH * inW;
  const int columnStride = srcNhwc ? inC : 1;
  const __global ELEMENT* image = src + (size_t)n * inC * inH * inW + (size_t)firstChannel * channelStride;
  const __global ELEMENT* weights = filter + (size_t)o * channels * kernelH * kernelW;

  ELEMENT sum = 0;
  for (int i = 0; i < kernelH; i++) {
    const int row = firstRow + i * dilationH;
    if (row < 0 || row >= inH) {
      continue;
    }
    for (int j = 0; j < kernelW; j++) {
      const int column = firstColumn + j * dilationW;
      if (column < 0 || column >= inW) {
        continue;
      }
      const __global ELEMENT* pixel = image + (size_t)(row * inW + column) * columnStride;
      for (int c = 0; c < channels; c++) {
        sum = pixel[(size_t)c * channelStride] * weights[(c * kernelH + i) * kernelW + j] + sum;
      }
    }
  }
  sum = ADD_RESIDUAL(sum + bias[o], id, 1);
  dst[id] = ACTIVATE(ELEMENT, sum, low, high, kind);
}

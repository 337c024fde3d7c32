// f32-depthwise-nhwc-any: depthwise convolution with any kernel, stride and dilation, WIDTH channels of one pixel for each
// work-item. The kernels that networks use often have depthwise.cl, with register tiles; this one is compiled once for all others.
//
//   weights   [tap][channel, padded to whole vectors]        bias   [channel, padded]
//
// Loads may read up to WIDTH - 1 values past a pixel: buffers have slack for that, and the lanes are not stored.
// -D WIDTH, -D ACT, -D GROUP, -D RESIDUAL

#define VEC VECTOR(WIDTH)

__attribute__((reqd_work_group_size(GROUP, 1, 1)))
__kernel void depthwise(
    const __global ELEMENT* restrict src, const __global ELEMENT* restrict weights, const __global ELEMENT* restrict bias,
    OUTPUT, const float low, const float high, const int kind, const int items,
    const int channels, const int paddedChannels, const int inH, const int inW, const int outH, const int outW,
    const int kernelH, const int kernelW, const int strideH, const int strideW,
    const int dilationH, const int dilationW, const int top, const int left) {
  if (get_global_id(0) >= (size_t)items) {
    return;
  }
  const int id = get_global_id(0);
  const int vectors = paddedChannels / WIDTH;
  const int channel = id % vectors * WIDTH;
  const int pixel = id / vectors;
  int n, row, column;
  LOCATE(pixel, n, row, column)
  const __global ELEMENT* image = src + (size_t)n * inH * inW * channels + channel;
  VEC sum = (VEC)(0);
  for (int i = 0; i < kernelH; i++) {
    const int y = row + i * dilationH;
    if (y < 0 || y >= inH) {
      continue;
    }
    for (int j = 0; j < kernelW; j++) {
      const int x = column + j * dilationW;
      if (x >= 0 && x < inW) {
        sum = LOAD(WIDTH, image + (y * inW + x) * (size_t)channels)
            * LOAD(WIDTH, weights + (i * kernelW + j) * paddedChannels + channel) + sum;
      }
    }
  }
  const size_t at = (size_t)pixel * channels + channel;
  sum = ADD_RESIDUAL(sum + LOAD(WIDTH, bias + channel), at, channels - channel);
  const VEC result = ACTIVATE(VEC, sum, low, high, kind);
  __global ELEMENT* p = dst + at;
#if WIDTH == 1
  *p = result;
#else
  if (channel + WIDTH <= channels) {
    STORE(WIDTH, result, p);
  } else {
    ELEMENT lanes[WIDTH];
    STORE(WIDTH, result, lanes);
    for (int lane = 0; lane < channels - channel; lane++) {
      p[lane] = lanes[lane];
    }
  }
#endif
}

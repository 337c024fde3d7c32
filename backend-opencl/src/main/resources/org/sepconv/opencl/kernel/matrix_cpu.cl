// The matrix product of CPU devices: no barriers, a register tile of PIXELS x VECTORS vectors of WIDTH output channels.
//
//   f32-pointwise-nhwc   dst[pixel][o] = activation(bias[o] + residual[pixel][o] + sum over c of src[pixel][c] * weights[c][o])
//   f32-implicit-nhwc    the same sum over every tap as well; the rows of a tap are found by address (-D IMPLICIT)
//
//   weights   [group][panel of VECTORS * WIDTH outputs][tap][channel][output of the panel], then `channels` zeros, which the
//             taps in the padding read
//   bias      [group][panel][output of the panel]
//
// Work-item (strip, group * panels + panel) computes `tilesPerItem` tiles, one after the other, with one panel, which stays in
// the second-level cache. Pixels past the end repeat the last one, and are not stored.

#define VEC VECTOR(WIDTH)
#define PANEL (WIDTH * VECTORS)

__attribute__((reqd_work_group_size(1, 1, 1)))
__kernel void matrix(
    const __global ELEMENT* restrict src, const __global ELEMENT* restrict weights, const __global ELEMENT* restrict bias,
    OUTPUT, const float low, const float high, const int kind,
    const int pixels, const int channels, const int outputs, const int panels, const int srcStride, const int dstStride,
    const int tilesPerItem, const int zeros,
    const int inH, const int inW, const int outH, const int outW, const int kernelH, const int kernelW,
    const int strideH, const int strideW, const int dilationH, const int dilationW, const int top, const int left) {
  const int panel = get_global_id(1);
  const int group = panel / panels;
  const int output = panel % panels * PANEL;
  const int taps = kernelH * kernelW;
  const __global ELEMENT* panelWeights = weights + (size_t)panel * taps * channels * PANEL;
  const __global ELEMENT* input = src + (size_t)group * channels;
  const int first = get_global_id(0) * PIXELS * tilesPerItem;
  const int end = (int)min((long)first + PIXELS * tilesPerItem, (long)pixels);

  for (int pixel = first; pixel < end; pixel += PIXELS) {
    VEC sum[PIXELS][VECTORS];
    #pragma unroll
    for (int t = 0; t < PIXELS; t++) {
      #pragma unroll
      for (int v = 0; v < VECTORS; v++) {
        sum[t][v] = (VEC)(0);
      }
    }
    const __global ELEMENT* w = panelWeights;
    const __global ELEMENT* a[PIXELS];
#ifdef IMPLICIT
    int row[PIXELS], column[PIXELS];
    const __global ELEMENT* image[PIXELS];
    #pragma unroll
    for (int t = 0; t < PIXELS; t++) {
      const int place = min(pixel + t, pixels - 1);
      int n;
      LOCATE(place, n, row[t], column[t])
      image[t] = input + (size_t)n * inH * inW * srcStride;
    }
    for (int i = 0; i < kernelH; i++) {
      for (int j = 0; j < kernelW; j++) {
        #pragma unroll
        for (int t = 0; t < PIXELS; t++) {
          const int y = row[t] + i * dilationH;
          const int x = column[t] + j * dilationW;
          a[t] = y >= 0 && y < inH && x >= 0 && x < inW ? image[t] + (size_t)(y * inW + x) * srcStride : weights + zeros;
        }
#else
        #pragma unroll
        for (int t = 0; t < PIXELS; t++) {
          a[t] = input + (size_t)min(pixel + t, pixels - 1) * srcStride;
        }
#endif
        for (int c = 0; c < channels; c++) {
          VEC b[VECTORS];
          #pragma unroll
          for (int v = 0; v < VECTORS; v++) {
            b[v] = LOAD(WIDTH, w + v * WIDTH);
          }
          #pragma unroll
          for (int t = 0; t < PIXELS; t++) {
            const VEC x = (VEC)(a[t][c]);
            #pragma unroll
            for (int v = 0; v < VECTORS; v++) {
              sum[t][v] = x * b[v] + sum[t][v];
            }
          }
          w += PANEL;
        }
#ifdef IMPLICIT
      }
    }
#endif
    #pragma unroll
    for (int v = 0; v < VECTORS; v++) {
      const VEC offset = LOAD(WIDTH, bias + panel * PANEL + v * WIDTH);
      #pragma unroll
      for (int t = 0; t < PIXELS; t++) {
        if (pixel + t < pixels) {
          const int o = output + v * WIDTH;
          const size_t at = (size_t)(pixel + t) * dstStride + group * outputs + o;
          const VEC value = ADD_RESIDUAL(sum[t][v] + offset, at, outputs - o);
          const VEC result = ACTIVATE_UNROLLED(VEC, value, low, high);
          __global ELEMENT* p = dst + at;
          if (o + WIDTH <= outputs) {
            STORE(WIDTH, result, p);
          } else {
            ELEMENT lanes[WIDTH];
            STORE(WIDTH, result, lanes);
            for (int lane = 0; lane < outputs - o; lane++) {
              p[lane] = lanes[lane];
            }
          }
        }
      }
    }
#if !IS_ACT_CLAMP
    for (int p = pixel; p < min(pixel + PIXELS, end); p++) {
      activate_stored(dst + (size_t)p * dstStride + group * outputs + output, min(PANEL, outputs - output), low, high, kind);
    }
#endif
  }
}

// f32-separable-nhwc for CPU devices: the depthwise stage of a strip of pixels goes into local memory, which is the cache, and
// from there through the matrix product of matrix_cpu.cl. It never reaches main memory.
//
//   strip     [block of WIDTH channels][pixel of the strip][channel of the block]: the pixels of a tile are at constant
//             distances from one pointer, and fall into different sets of the first-level cache
//   taps      [tap][channel, padded to whole vectors]         tapBias   [channel, padded]
//   weights   [panel of VECTORS * WIDTH outputs][channel][output of the panel]       bias   [panel][output of the panel]
//
// Work-item (strip, part) computes `panelsPerItem` panels of `tilesPerItem` tiles. With more than one part each computes the
// depthwise stage anew: that is cheap where there are many outputs, and lets small maps use every core.

#define VEC VECTOR(WIDTH)
#define PANEL (WIDTH * VECTORS)

// The depthwise stage of pixels `first` to `end` into `strip`.
void depthwise_strip(
    const __global ELEMENT* restrict src, const __global ELEMENT* restrict taps, const __global ELEMENT* restrict tapBias,
    __local ELEMENT* restrict strip, const float low, const float high, const int kind, const int first, const int end,
    const int channels, const int stripPixels, const int inH, const int inW, const int outH, const int outW,
    const int strideH, const int strideW, const int dilationH, const int dilationW, const int top, const int left) {
  const int paddedChannels = (channels + WIDTH - 1) / WIDTH * WIDTH;
  for (int channel = 0; channel < channels; channel += WIDTH) {
    VEC tap[KERNEL_H * KERNEL_W];
    #pragma unroll
    for (int k = 0; k < KERNEL_H * KERNEL_W; k++) {
      tap[k] = LOAD(WIDTH, taps + k * paddedChannels + channel);
    }
    const VEC offset = LOAD(WIDTH, tapBias + channel);
    int n, row, column;
    LOCATE(first, n, row, column)
    const int endRow = (outH - 1) * strideH - top;
    const int endColumn = (outW - 1) * strideW - left;
    const __global ELEMENT* image = src + (size_t)n * inH * inW * channels + channel;
    // The last tile of the last strip may be wider than what is left.
    for (int pixel = end - first; pixel < stripPixels && pixel < end - first + PIXELS; pixel++) {
      STORE(WIDTH, (VEC)(0), strip + channel * stripPixels + pixel * WIDTH);
    }
    for (int pixel = first; pixel < end; pixel++) {
      VEC sum = (VEC)(0);
      if (row >= 0 && column >= 0 && row + (KERNEL_H - 1) * dilationH < inH && column + (KERNEL_W - 1) * dilationW < inW) {
        const __global ELEMENT* corner = image + (size_t)(row * inW + column) * channels;
        #pragma unroll
        for (int i = 0; i < KERNEL_H; i++) {
          #pragma unroll
          for (int j = 0; j < KERNEL_W; j++) {
            sum = LOAD(WIDTH, corner + (i * dilationH * inW + j * dilationW) * (size_t)channels) * tap[i * KERNEL_W + j] + sum;
          }
        }
      } else {
        #pragma unroll
        for (int i = 0; i < KERNEL_H; i++) {
          #pragma unroll
          for (int j = 0; j < KERNEL_W; j++) {
            const int y = row + i * dilationH;
            const int x = column + j * dilationW;
            if (y >= 0 && y < inH && x >= 0 && x < inW) {
              sum = LOAD(WIDTH, image + (y * inW + x) * (size_t)channels) * tap[i * KERNEL_W + j] + sum;
            }
          }
        }
      }
      sum += offset;
      STORE(WIDTH, ACTIVATE(VEC, sum, low, high, kind), strip + channel * stripPixels + (pixel - first) * WIDTH);
      column += strideW;
      if (column > endColumn) {
        column = -left;
        row += strideH;
        if (row > endRow) {
          row = -top;
          image += (size_t)inH * inW * channels;
        }
      }
    }
  }
}

__attribute__((reqd_work_group_size(1, 1, 1)))
__kernel void separable(
    const __global ELEMENT* restrict src, const __global ELEMENT* restrict taps, const __global ELEMENT* restrict tapBias,
    const __global ELEMENT* restrict weights, const __global ELEMENT* restrict bias, OUTPUT,
    __local ELEMENT* restrict strip, const float depthwiseLow, const float depthwiseHigh, const int depthwiseKind,
    const float low, const float high, const int kind,
    const int pixels, const int channels, const int outputs, const int tilesPerItem,
    const int panelsPerItem, const int inH, const int inW, const int outH, const int outW,
    const int strideH, const int strideW, const int dilationH, const int dilationW, const int top, const int left) {
  const int first = get_global_id(0) * PIXELS * tilesPerItem;
  const int end = (int)min((long)first + PIXELS * tilesPerItem, (long)pixels);
  const int stripPixels = PIXELS * tilesPerItem;
  const int panels = (outputs + PANEL - 1) / PANEL;
  const int firstPanel = get_global_id(1) * panelsPerItem;
  const int endPanel = min(firstPanel + panelsPerItem, panels);
  depthwise_strip(src, taps, tapBias, strip, depthwiseLow, depthwiseHigh, depthwiseKind, first, end, channels,
                  stripPixels, inH, inW, outH, outW, strideH, strideW, dilationH, dilationW, top, left);

  for (int panel = firstPanel; panel < endPanel; panel++) {
    for (int pixel = first; pixel < end; pixel += PIXELS) {
      VEC sum[PIXELS][VECTORS];
      #pragma unroll
      for (int t = 0; t < PIXELS; t++) {
        #pragma unroll
        for (int v = 0; v < VECTORS; v++) {
          sum[t][v] = (VEC)(0);
        }
      }
      const __global ELEMENT* w = weights + (size_t)panel * channels * PANEL;
      const __local ELEMENT* a = strip + (pixel - first) * WIDTH;
      for (int c = 0; c < channels; c += WIDTH) {
        const int block = min(WIDTH, channels - c);
        for (int lane = 0; lane < block; lane++) {
          VEC b[VECTORS];
          #pragma unroll
          for (int v = 0; v < VECTORS; v++) {
            b[v] = LOAD(WIDTH, w + v * WIDTH);
          }
          #pragma unroll
          for (int t = 0; t < PIXELS; t++) {
            const VEC x = (VEC)(a[t * WIDTH + lane]);
            #pragma unroll
            for (int v = 0; v < VECTORS; v++) {
              sum[t][v] = x * b[v] + sum[t][v];
            }
          }
          w += PANEL;
        }
        a += stripPixels * WIDTH;
      }
      #pragma unroll
      for (int v = 0; v < VECTORS; v++) {
        const int o = panel * PANEL + v * WIDTH;
        const VEC offset = LOAD(WIDTH, bias + o);
        #pragma unroll
        for (int t = 0; t < PIXELS; t++) {
          if (pixel + t < end) {
            const size_t at = (size_t)(pixel + t) * outputs + o;
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
        activate_stored(
            dst + (size_t)p * outputs + panel * PANEL, min(PANEL, outputs - panel * PANEL), low, high, kind);
      }
#endif
    }
  }
}

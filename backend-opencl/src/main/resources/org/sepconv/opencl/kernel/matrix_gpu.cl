// The matrix product of GPUs: a work-group computes BLOCK_PIXELS x BLOCK_OUTPUTS values, BLOCK_DEPTH products at a time through
// local memory, each work-item ITEM_PIXELS x ITEM_OUTPUTS of them in registers.
//
//   f32-pointwise-nhwc   a[pixel][k] is the input                               (nothing defined)
//   f32-implicit-nhwc    a[pixel][tap * channels + c] is the input under a tap  (-D IMPLICIT)
//   f32-separable-nhwc   a[pixel][c] is the depthwise stage, computed here; it never goes to global memory  (-D SEPARABLE)
//
//   weights   [group][k, padded to BLOCK_DEPTH][output, padded to BLOCK_OUTPUTS]; padding is zeros
//   bias      [group][output, padded]
//
//   local memory, twice, so that one barrier for each step is enough:
//   tileA     [k][pixel]      tileB     [k][output]
//
// -D LOAD_WIDTH 4 where the channels of a group are whole vectors of 4, else 1.

#define GROUP ((BLOCK_PIXELS / ITEM_PIXELS) * (BLOCK_OUTPUTS / ITEM_OUTPUTS))
#define LOADS_A ((BLOCK_PIXELS * BLOCK_DEPTH / LOAD_WIDTH + GROUP - 1) / GROUP)
#define LOADS_B ((BLOCK_DEPTH * BLOCK_OUTPUTS / 4 + GROUP - 1) / GROUP)
#define VECTORS (ITEM_OUTPUTS / 4)
#define VEC VECTOR(LOAD_WIDTH)
#define LOAD_INPUT(p) (*(const __global VEC*)(p))

__attribute__((reqd_work_group_size(GROUP, 1, 1)))
__kernel void matrix(
    const __global ELEMENT* restrict src,
#ifdef SEPARABLE
    const __global ELEMENT* restrict taps, const __global ELEMENT* restrict tapBias,
    const float depthwiseLow, const float depthwiseHigh, const int depthwiseKind, const int paddedChannels,
#endif
    const __global ELEMENT* restrict weights, const __global ELEMENT* restrict bias, OUTPUT,
    const float low, const float high, const int kind, const int pixels, const int channels, const int outputs, const int depth,
    const int paddedDepth, const int paddedOutputs, const int srcStride, const int dstStride,
    const int inH, const int inW, const int outH, const int outW, const int kernelW,
    const int strideH, const int strideW, const int dilationH, const int dilationW, const int top, const int left) {
  __local ELEMENT tileA[2][BLOCK_DEPTH][BLOCK_PIXELS + 4];
  __local VECTOR(4) tileB[2][BLOCK_DEPTH][BLOCK_OUTPUTS / 4];
  const int id = get_local_id(0);
  const int itemOutput = id % (BLOCK_OUTPUTS / ITEM_OUTPUTS) * 4;
  const int itemPixel = id / (BLOCK_OUTPUTS / ITEM_OUTPUTS) * ITEM_PIXELS;
  const int firstPixel = get_group_id(0) * BLOCK_PIXELS;
  const int firstOutput = get_group_id(1) * BLOCK_OUTPUTS;
  const int group = get_group_id(2);
  const __global ELEMENT* input = src + (size_t)group * channels;
  const __global ELEMENT* groupWeights = weights + (size_t)group * paddedDepth * paddedOutputs + firstOutput;

  // Each work-item loads the same pixels in every step: where they are is found once.
  const __global ELEMENT* source[LOADS_A];
  int valid[LOADS_A];
#if defined(IMPLICIT) || defined(SEPARABLE)
  int row[LOADS_A], column[LOADS_A];
#endif
  #pragma unroll
  for (int l = 0; l < LOADS_A; l++) {
    const int slot = id + l * GROUP;
    const int pixel = firstPixel + slot / (BLOCK_DEPTH / LOAD_WIDTH);
    valid[l] = slot < BLOCK_PIXELS * BLOCK_DEPTH / LOAD_WIDTH && pixel < pixels;
    const int place = valid[l] ? pixel : 0;
#if defined(IMPLICIT) || defined(SEPARABLE)
    int n;
    LOCATE(place, n, row[l], column[l])
    source[l] = input + (size_t)n * inH * inW * srcStride;
#else
    source[l] = input + (size_t)place * srcStride;
#endif
  }

  VECTOR(4) sum[ITEM_PIXELS][VECTORS];
  #pragma unroll
  for (int t = 0; t < ITEM_PIXELS; t++) {
    #pragma unroll
    for (int v = 0; v < VECTORS; v++) {
      sum[t][v] = (VECTOR(4))(0);
    }
  }

  int buffer = 0;
  for (int k0 = 0; k0 < paddedDepth; k0 += BLOCK_DEPTH) {
    #pragma unroll
    for (int l = 0; l < LOADS_A; l++) {
      const int slot = id + l * GROUP;
      const int kk = slot % (BLOCK_DEPTH / LOAD_WIDTH) * LOAD_WIDTH;
      const int k = k0 + kk;
      VEC value = (VEC)(0);
      if (valid[l] && k < depth) {
#if defined(SEPARABLE)
        #pragma unroll
        for (int i = 0; i < KERNEL_H; i++) {
          #pragma unroll
          for (int j = 0; j < KERNEL_W; j++) {
            const int y = row[l] + i * dilationH;
            const int x = column[l] + j * dilationW;
            if (y >= 0 && y < inH && x >= 0 && x < inW) {
              value = LOAD_INPUT(source[l] + (y * inW + x) * (size_t)srcStride + k)
                  * LOAD_INPUT(taps + (i * KERNEL_W + j) * paddedChannels + k) + value;
            }
          }
        }
        value += LOAD_INPUT(tapBias + k);
        value = ACTIVATE(VEC, value, depthwiseLow, depthwiseHigh, depthwiseKind);
#elif defined(IMPLICIT)
        const int tap = k / channels;
        const int y = row[l] + tap / kernelW * dilationH;
        const int x = column[l] + tap % kernelW * dilationW;
        if (y >= 0 && y < inH && x >= 0 && x < inW) {
          value = LOAD_INPUT(source[l] + (y * inW + x) * (size_t)srcStride + (k - tap * channels));
        }
#else
        value = LOAD_INPUT(source[l] + k);
#endif
      }
      if (slot < BLOCK_PIXELS * BLOCK_DEPTH / LOAD_WIDTH) {
        const int pixel = slot / (BLOCK_DEPTH / LOAD_WIDTH);
#if LOAD_WIDTH == 1
        tileA[buffer][kk][pixel] = value;
#else
        tileA[buffer][kk][pixel] = value.s0;
        tileA[buffer][kk + 1][pixel] = value.s1;
        tileA[buffer][kk + 2][pixel] = value.s2;
        tileA[buffer][kk + 3][pixel] = value.s3;
#endif
      }
    }
    #pragma unroll
    for (int l = 0; l < LOADS_B; l++) {
      const int slot = id + l * GROUP;
      if (slot < BLOCK_DEPTH * BLOCK_OUTPUTS / 4) {
        const int kk = slot / (BLOCK_OUTPUTS / 4);
        const int o = slot % (BLOCK_OUTPUTS / 4) * 4;
        const VECTOR(4) value = *(const __global VECTOR(4)*)(groupWeights + (size_t)(k0 + kk) * paddedOutputs + o);
        tileB[buffer][kk][o / 4] = value;
      }
    }
    // The other buffer is free after this barrier: everyone has finished the step that read it.
    barrier(CLK_LOCAL_MEM_FENCE);
    #pragma unroll
    for (int kk = 0; kk < BLOCK_DEPTH; kk++) {
      VECTOR(4) b[VECTORS];
      #pragma unroll
      for (int v = 0; v < VECTORS; v++) {
        b[v] = tileB[buffer][kk][(itemOutput + v * (BLOCK_OUTPUTS / VECTORS)) / 4];
      }
      #pragma unroll
      for (int t = 0; t < ITEM_PIXELS; t++) {
        const VECTOR(4) a = (VECTOR(4))(tileA[buffer][kk][itemPixel + t]);
        #pragma unroll
        for (int v = 0; v < VECTORS; v++) {
          sum[t][v] = a * b[v] + sum[t][v];
        }
      }
    }
    buffer ^= 1;
  }

  #pragma unroll
  for (int v = 0; v < VECTORS; v++) {
    const int o = firstOutput + itemOutput + v * (BLOCK_OUTPUTS / VECTORS);
    const VECTOR(4) offset = vload4(0, bias + (size_t)group * paddedOutputs + o);
    #pragma unroll
    for (int t = 0; t < ITEM_PIXELS; t++) {
      const int pixel = firstPixel + itemPixel + t;
      if (pixel < pixels && o < outputs) {
        const size_t at = (size_t)pixel * dstStride + group * outputs + o;
        const VECTOR(4) value = ADD_RESIDUAL(sum[t][v] + offset, at, outputs - o);
        const VECTOR(4) result = ACTIVATE_UNROLLED(VECTOR(4), value, low, high);
        __global ELEMENT* p = dst + at;
        if (outputs % 4 == 0) {
          *(__global VECTOR(4)*)p = result; // every pixel and group starts at a whole vector
        } else {
          p[0] = result.s0;
          if (o + 1 < outputs) {
            p[1] = result.s1;
          }
          if (o + 2 < outputs) {
            p[2] = result.s2;
          }
          if (o + 3 < outputs) {
            p[3] = result.s3;
          }
        }
      }
    }
  }
#if !IS_ACT_CLAMP
  for (int v = 0; v < VECTORS; v++) {
    const int o = firstOutput + itemOutput + v * (BLOCK_OUTPUTS / VECTORS);
    for (int pixel = firstPixel + itemPixel; pixel < min(firstPixel + itemPixel + ITEM_PIXELS, pixels); pixel++) {
      activate_stored(dst + (size_t)pixel * dstStride + group * outputs + o, min(4, outputs - o), low, high, kind);
    }
  }
#endif
}

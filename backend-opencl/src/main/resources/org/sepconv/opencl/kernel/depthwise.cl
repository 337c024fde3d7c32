// f32-depthwise-nhwc: every channel on its own, WIDTH channels in a vector, a register tile of TILE_H x TILE_W outputs.
//
//   weights   [tap][channel, padded to whole vectors]        bias   [channel, padded]
//
// Each row of input under the tile is loaded once, into registers, and meets every output row that it belongs to: no input value
// of a tile is loaded twice. A work-item computes `tilesPerItem` tiles of one row, one beside the other.
//
// -D WIDTH, -D TILE_H, -D TILE_W, -D KERNEL_H, -D KERNEL_W, -D STRIDE_H, -D STRIDE_W, -D ACT, -D GROUP, -D RESIDUAL;
// -D ALIGNED where the channels are whole vectors; -D INTERIOR_PATH for a second copy of the loop without border checks.
// Loads may read up to WIDTH - 1 values past a pixel: buffers have slack for that, and the lanes are not stored.

#define VEC VECTOR(WIDTH)
#define ROWS ((TILE_H - 1) * STRIDE_H + KERNEL_H)
#define COLUMNS ((TILE_W - 1) * STRIDE_W + KERNEL_W)
#ifdef ALIGNED
#define LOAD_PIXEL(p) (*(const __global VEC*)(p))
#else
#define LOAD_PIXEL(p) LOAD(WIDTH, p)
#endif

// One tile into `sum`; with CHECK, what lies outside reads as zeros.
#define ACCUMULATE(CHECK)                                                                              \
  _Pragma("unroll") for (int r = 0; r < ROWS; r++) {                                                   \
    VEC line[COLUMNS];                                                                                 \
    const int row = firstRow + r;                                                                      \
    const int inside = !(CHECK) || (row >= 0 && row < inH);                                            \
    _Pragma("unroll") for (int q = 0; q < COLUMNS; q++) {                                              \
      const int column = firstColumn + q;                                                              \
      line[q] = (VEC)(0);                                                                              \
      if (!(CHECK) || (inside && column >= 0 && column < inW)) {                                       \
        line[q] = LOAD_PIXEL(image + (row * inW + column) * (size_t)channels);                         \
      }                                                                                                \
    }                                                                                                  \
    _Pragma("unroll") for (int i = 0; i < KERNEL_H; i++) {                                             \
      _Pragma("unroll") for (int y = 0; y < TILE_H; y++) {                                             \
        if (y * STRIDE_H + i == r) {                                                                   \
          _Pragma("unroll") for (int j = 0; j < KERNEL_W; j++) {                                       \
            const VEC tap = LOAD(WIDTH, weights + (i * KERNEL_W + j) * paddedChannels + channel);      \
            _Pragma("unroll") for (int x = 0; x < TILE_W; x++) {                                       \
              sum[y][x] = line[x * STRIDE_W + j] * tap + sum[y][x];                                    \
            }                                                                                          \
          }                                                                                            \
        }                                                                                              \
      }                                                                                                \
    }                                                                                                  \
  }

__attribute__((reqd_work_group_size(GROUP, 1, 1)))
__kernel void depthwise(
    const __global ELEMENT* restrict src, const __global ELEMENT* restrict weights, const __global ELEMENT* restrict bias,
    OUTPUT, const float low, const float high, const int kind, const int items,
    const int channels, const int paddedChannels, const int inH, const int inW, const int outH, const int outW,
    const int top, const int left, const int tilesPerItem) {
  if (get_global_id(0) >= (size_t)items) {
    return;
  }
  const int id = get_global_id(0);
  // Channels fastest: neighbours read neighbouring values.
  const int vectors = paddedChannels / WIDTH;
  const int channel = id % vectors * WIDTH;
  const int columnItems = (outW + TILE_W * tilesPerItem - 1) / (TILE_W * tilesPerItem);
  const int place = id / vectors;
  const int rowItems = (outH + TILE_H - 1) / TILE_H;
  const int outX = place % columnItems * TILE_W * tilesPerItem;
  const int outY = place / columnItems % rowItems * TILE_H;
  const int n = place / columnItems / rowItems;
  const __global ELEMENT* image = src + (size_t)n * inH * inW * channels + channel;
  const size_t target = (size_t)n * outH * outW * channels + channel;
  const VEC offset = LOAD(WIDTH, bias + channel);
  const int firstRow = outY * STRIDE_H - top;

  for (int x0 = outX; x0 < min(outX + TILE_W * tilesPerItem, outW); x0 += TILE_W) {
    const int firstColumn = x0 * STRIDE_W - left;
    VEC sum[TILE_H][TILE_W];
    _Pragma("unroll") for (int y = 0; y < TILE_H; y++) {
      _Pragma("unroll") for (int x = 0; x < TILE_W; x++) {
        sum[y][x] = (VEC)(0);
      }
    }
#ifdef INTERIOR_PATH
    if (firstRow >= 0 && firstColumn >= 0 && firstRow + ROWS <= inH && firstColumn + COLUMNS <= inW) {
      ACCUMULATE(0)
    } else {
      ACCUMULATE(1)
    }
#else
    ACCUMULATE(1)
#endif
    _Pragma("unroll") for (int y = 0; y < TILE_H; y++) {
      _Pragma("unroll") for (int x = 0; x < TILE_W; x++) {
        if (outY + y < outH && x0 + x < outW) {
          const size_t at = target + ((outY + y) * outW + x0 + x) * (size_t)channels;
          const VEC value = ADD_RESIDUAL(sum[y][x] + offset, at, channels - channel);
          const VEC result = ACTIVATE_UNROLLED(VEC, value, low, high);
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
      }
    }
#if !IS_ACT_CLAMP
    for (int y = outY; y < min(outY + TILE_H, outH); y++) {
      for (int x = x0; x < min(x0 + TILE_W, outW); x++) {
        activate_stored(
            dst + target + (y * outW + x) * (size_t)channels, min(WIDTH, channels - channel), low, high, kind);
      }
    }
#endif
  }
}

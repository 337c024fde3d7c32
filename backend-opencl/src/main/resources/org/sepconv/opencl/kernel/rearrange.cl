// f32-rearrange: every value of the destination, or of a part of it, is a value of the source in another place, or a fill.
//
//   dst[first + i0 * d0 + i1 * d1 + i2 * d2 + i] =
//       src[base + table[i0] + table[size0 + i1] + table[size0 + size1 + i2] + table[size0 + size1 + size2 + i]]
//
// Dimensions are in the order of the destination; the tables say how far each step along them leads in the source. FILL in one of
// them means that the source has no such place.
//
// -D DENSE where the last table counts 0, 1, 2, ...: it is not read then. -D WIDTH values at once, -D GROUP.

#define FILL INT_MIN

__attribute__((reqd_work_group_size(GROUP, 1, 1)))
__kernel void rearrange(
    const __global ELEMENT* restrict src, const __global int* restrict table, __global ELEMENT* restrict dst,
    const ELEMENT fill, WORK, const int size0, const int size1, const int size2, const int base,
    const int first, const int d0, const int d1, const int d2) {
  FOR_MY_LINES {
    LOCATE_LINE(i0, i1, i2);
    const int t0 = table[i0];
    const int t1 = table[size0 + i1];
    const int t2 = table[size0 + size1 + i2];
    const bool filled = t0 == FILL || t1 == FILL || t2 == FILL;
    const __global ELEMENT* from = src + (filled ? 0 : base + t0 + t1 + t2);
    __global ELEMENT* to = dst + first + (size_t)i0 * d0 + (size_t)i1 * d1 + (size_t)i2 * d2;
    int i = begin;
#ifdef DENSE
    if (!filled) {
      for (; i + WIDTH <= end; i += WIDTH) {
        STORE(WIDTH, LOAD(WIDTH, from + i), to + i);
      }
    }
    for (; i < end; i++) {
      to[i] = filled ? fill : from[i];
    }
#else
    const __global int* along = table + size0 + size1 + size2;
    for (; i < end; i++) {
      const int t = along[i];
      to[i] = filled || t == FILL ? fill : from[t];
    }
#endif
  }
}

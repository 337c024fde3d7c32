// f32-FUNCTION: the sum, divided by something, or the maximum over dimensions of a tensor, in two launches where it is long.
//
//   dst[i0, i1, i2, i] = FUNCTION over j0, j1, j2, j of
//       src[i0 * s0 + i1 * s1 + i2 * s2 + i * s3 + j0 * q0 + j1 * q1 + j2 * q2 + j * q3]
//
// Dimensions are in the order of the destination, which is dense. In the first of two launches dimension 0 counts parts of the
// last dimension that is summed, `depth3` values each of `all3`, and the second makes one of them; else depth3 is all of it.
//
// -D FUNCTION, -D DENSE where values of a line are neighbours in the source, -D WIDTH values at once, -D GROUP.

#define LARGER(x, y) select(select((y), (x), isgreater((x), (y))), (x), isnan(x))

#define START_SUM 0
#define START_MAX -INFINITY
#define JOIN_SUM(x, y) ((x) + (y))
#define JOIN_MAX(x, y) LARGER(x, y)
#define JOIN(x, y) PASTE(JOIN_, FUNCTION)(x, y)
#define START PASTE(START_, FUNCTION)

#define FOR_EACH_PLACE(from)                                                                     \
  for (int j0 = 0; j0 < depth0; j0++)                                                            \
    for (int j1 = 0; j1 < depth1; j1++)                                                          \
      for (int j2 = 0; j2 < depth2; j2++) {                                                      \
        const __global ELEMENT* p = (from) + (size_t)j0 * q0 + (size_t)j1 * q1 + (size_t)j2 * q2; \
        for (int j = 0; j < depth; j++, p += q3)

__attribute__((reqd_work_group_size(GROUP, 1, 1)))
__kernel void reduction(
    const __global ELEMENT* restrict src, __global ELEMENT* restrict dst, const ELEMENT divisor, WORK,
    const int size1, const int size2, const int s0, const int s1, const int s2, const int s3,
    const int depth0, const int depth1, const int depth2, const int depth3, const int all3,
    const int q0, const int q1, const int q2, const int q3) {
  FOR_MY_LINES {
    LOCATE_LINE(i0, i1, i2);
    const int depth = depth3 < all3 ? min(depth3, all3 - i0 * depth3) : depth3;
    const __global ELEMENT* from = src + (size_t)i0 * s0 + (size_t)i1 * s1 + (size_t)i2 * s2;
    __global ELEMENT* to = dst + (size_t)line * length;
    int i = begin;
#ifdef DENSE
    for (; i + WIDTH <= end; i += WIDTH) {
      VECTOR(WIDTH) result = (VECTOR(WIDTH))(START);
      FOR_EACH_PLACE(from + i) {
          const VECTOR(WIDTH) x = LOAD(WIDTH, p);
          result = JOIN(result, x);
        }
      }
      STORE(WIDTH, result / divisor, to + i);
    }
#endif
    for (; i < end; i++) {
      ELEMENT result = START;
      FOR_EACH_PLACE(from + (size_t)i * s3) {
          const ELEMENT x = *p;
          result = JOIN(result, x);
        }
      }
      to[i] = result / divisor;
    }
  }
}

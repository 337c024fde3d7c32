// f32-FUNCTION: a function of each value of one to three tensors, any of which may be repeated along dimensions.
//
//   dst[i0, i1, i2, i] = FUNCTION(a[i0 * a0 + i1 * a1 + i2 * a2 + i * a3], b[...], c[...])
//
// Dimensions are in the order of the destination, which is dense; those along which all tensors lie alike are joined into one. The
// destination may be one of the inputs that has its shape: each value is read by the work-item that replaces it.
//
// -D FUNCTION, -D INPUTS 1 to 3, -D ACT activation, -D WIDTH values at once, -D GROUP; where WIDTH is more than 1 -D DENSE_A, and
// -D DENSE_B or -D ONE_B, -D DENSE_C or -D ONE_C: the values of a line are neighbours, or all the same.

#define LARGER(x, y) select(select((y), (x), isgreater((x), (y))), (x), isnan(x))
#define SMALLER(x, y) select(select((y), (x), isless((x), (y))), (x), isnan(x))

#define COMPUTE_ABSOLUTE(F, x, y, z) fabs(x)
#define COMPUTE_ACTIVATE(F, x, y, z) ACTIVATE(F, x, low, high, kind)
#define COMPUTE_ADD(F, x, y, z) ((x) + (y))
#define COMPUTE_AFFINE(F, x, y, z) ((x) * (y) + (z))
#define COMPUTE_DIVIDE(F, x, y, z) ((x) / (y))
#define COMPUTE_ERROR_FUNCTION(F, x, y, z) erf(x)
#define COMPUTE_EXPONENTIAL(F, x, y, z) exp(x)
#define COMPUTE_LOGARITHM(F, x, y, z) log(x)
#define COMPUTE_MAXIMUM(F, x, y, z) LARGER(x, y)
#define COMPUTE_MINIMUM(F, x, y, z) SMALLER(x, y)
#define COMPUTE_MULTIPLY(F, x, y, z) ((x) * (y))
#define COMPUTE_NEGATIVE(F, x, y, z) (-(x))
#define COMPUTE_POWER(F, x, y, z) pow(x, y)
#define COMPUTE_PRELU(F, x, y, z) select((x), (x) * (y), isless((x), (F)(0)))
#define COMPUTE_RECIPROCAL(F, x, y, z) ((F)(1) / (x))
#define COMPUTE_SCALED_SUM(F, x, y, z) (((x) + (y)) * (z))
#define COMPUTE_SHIFTED_EXPONENTIAL(F, x, y, z) exp((x) - (y))
#define COMPUTE_SQUARE_ROOT(F, x, y, z) sqrt(x)
#define COMPUTE_STEPS(F, x, y, z) ACTIVATE(F, rint((x) / (y)), low, high, kind)
#define COMPUTE_SUBTRACT(F, x, y, z) ((x) - (y))
#define COMPUTE(F, x, y, z) PASTE(COMPUTE_, FUNCTION)(F, x, y, z)

#define NEIGHBOURS(p) LOAD(WIDTH, (p) + i)
#define REPEATED(p) ((VECTOR(WIDTH))(*(p)))

#define VECTOR_A NEIGHBOURS(lineA)
#if INPUTS > 1
#define PARAMETER_B const __global ELEMENT* b,
#define STRIDES_B , const int b0, const int b1, const int b2, const int b3
#define SCALAR_B lineB[(size_t)i * b3]
#ifdef DENSE_B
#define VECTOR_B NEIGHBOURS(lineB)
#else
#define VECTOR_B REPEATED(lineB)
#endif
#else
#define PARAMETER_B
#define STRIDES_B
#define SCALAR_B 0
#define VECTOR_B 0
#endif
#if INPUTS > 2
#define PARAMETER_C const __global ELEMENT* c,
#define STRIDES_C , const int c0, const int c1, const int c2, const int c3
#define SCALAR_C lineC[(size_t)i * c3]
#ifdef DENSE_C
#define VECTOR_C NEIGHBOURS(lineC)
#else
#define VECTOR_C REPEATED(lineC)
#endif
#else
#define PARAMETER_C
#define STRIDES_C
#define SCALAR_C 0
#define VECTOR_C 0
#endif

__attribute__((reqd_work_group_size(GROUP, 1, 1)))
__kernel void arithmetic(
    const __global ELEMENT* a, PARAMETER_B PARAMETER_C __global ELEMENT* dst, const float low, const float high, const int kind, WORK,
    const int size1, const int size2, const int a0, const int a1, const int a2, const int a3 STRIDES_B STRIDES_C) {
  FOR_MY_LINES {
    LOCATE_LINE(i0, i1, i2);
    const __global ELEMENT* lineA = a + (size_t)i0 * a0 + (size_t)i1 * a1 + (size_t)i2 * a2;
#if INPUTS > 1
    const __global ELEMENT* lineB = b + (size_t)i0 * b0 + (size_t)i1 * b1 + (size_t)i2 * b2;
#endif
#if INPUTS > 2
    const __global ELEMENT* lineC = c + (size_t)i0 * c0 + (size_t)i1 * c1 + (size_t)i2 * c2;
#endif
    __global ELEMENT* to = dst + (size_t)line * length;
    int i = begin;
#if WIDTH > 1
    for (; i + WIDTH <= end; i += WIDTH) {
      STORE(WIDTH, COMPUTE(VECTOR(WIDTH), VECTOR_A, VECTOR_B, VECTOR_C), to + i);
    }
#endif
    for (; i < end; i++) {
      to[i] = COMPUTE(ELEMENT, lineA[(size_t)i * a3], SCALAR_B, SCALAR_C);
    }
  }
}

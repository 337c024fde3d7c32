// What every kernel shares: vector types of any width, and the activations.
//
// Products and sums are written a * b + c. Contracting them to a fused multiply-add is allowed, and both forms keep the
// error bound of the reference; nothing here may reorder sums or assume finite values.
#pragma OPENCL FP_CONTRACT ON

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

// What tensors, weights and sums consist of. The bounds of an activation are float whatever it is.
#ifndef ELEMENT
#define ELEMENT float
#endif

// VECTOR(4) of float is float4, and VECTOR(1) is float.
#define ELEMENTS_(type, n) type##n
#define ELEMENTS(type, n) ELEMENTS_(type, n)
#define VECTOR_1 ELEMENT
#define VECTOR_2 ELEMENTS(ELEMENT, 2)
#define VECTOR_4 ELEMENTS(ELEMENT, 4)
#define VECTOR_8 ELEMENTS(ELEMENT, 8)
#define VECTOR_16 ELEMENTS(ELEMENT, 16)
#define VECTOR(n) PASTE(VECTOR_, n)

#define LOAD_1(p) (*(p))
#define LOAD_2(p) vload2(0, p)
#define LOAD_4(p) vload4(0, p)
#define LOAD_8(p) vload8(0, p)
#define LOAD_16(p) vload16(0, p)
#define LOAD(n, p) PASTE(LOAD_, n)(p)

#define STORE_1(v, p) (*(p) = (v))
#define STORE_2(v, p) vstore2(v, 0, p)
#define STORE_4(v, p) vstore4(v, 0, p)
#define STORE_8(v, p) vstore8(v, 0, p)
#define STORE_16(v, p) vstore16(v, 0, p)
#define STORE(n, v, p) PASTE(STORE_, n)(v, p)

// Activations of a scalar or vector type F. fmin, fmax and clamp lose NaN: a comparison with NaN is false, so select keeps it.
#define ACTIVATE_CLAMP(F, x, low, high) \
  select(select((x), (F)(low), isless((x), (F)(low))), (F)(high), isgreater((x), (F)(high)))

// x where positive, low * x elsewhere.
#define ACTIVATE_LEAKY(F, x, low, high) select((F)(low) * (x), (x), isgreater((x), (F)(0)))

// min(max(x + 3, 0), 6) / 6, times x or 1: a product with x before the division could overflow. At x <= -3 it would turn
// -infinity into NaN.
#define ACTIVATE_HARD(F, x, factor)                                                \
  select((factor) * (ACTIVATE_CLAMP(F, (x) + (F)(3), 0.0f, 6.0f) / (F)(6)), (F)(0), \
         islessequal((x), (F)(-3)))

// x or 1 over 1 + exp(-x).
#define ACTIVATE_LOGISTIC(F, x, numerator) \
  select((numerator) / ((F)(1) + exp(-(x))), (F)(0), isequal((x), (F)(-INFINITY)))

// With erfc no digits cancel below 0; -infinity times its 0 would be NaN.
#define ACTIVATE_GELU(F, x) \
  select((F)(0.5f) * (x) * erfc((x) * (F)(-M_SQRT1_2_F)), (F)(0), isequal((x), (F)(-INFINITY)))

// A tanh of 5 ulp may end below 1, as that of PoCL does; beyond 10 the nearest float is 1.
#define ACTIVATE_TANH(F, x) select(tanh(x), copysign((F)(1), (x)), isgreater(fabs(x), (F)(10)))

// With -D ACT=CLAMP an activation is two selections, and covers the identity and every ReLU; with -D ACT=ANY the numbers of
// Epilogue.java decide at run time, so that rare activations need no programs of their own. Only -D ACT=ALL has those that take
// drivers long to compile.
#define ACTIVATE_ANY(F, x, low, high, kind)                                         \
  ((kind) == 0   ? ACTIVATE_CLAMP(F, x, low, high)                                  \
   : (kind) == 1 ? ACTIVATE_LEAKY(F, x, low, high)                                  \
   : (kind) <= 3 ? ACTIVATE_HARD(F, x, (kind) == 2 ? (x) : (F)(1))                  \
                 : ACTIVATE_LOGISTIC(F, x, (kind) == 4 ? (x) : (F)(1)))
#define ACTIVATE_ALL(F, x, low, high, kind)                                         \
  ((kind) == 6   ? ACTIVATE_GELU(F, x)                                              \
   : (kind) == 7 ? ACTIVATE_TANH(F, x)                                              \
                 : ACTIVATE_ANY(F, x, low, high, kind))
#define APPLY_CLAMP(F, x, low, high, kind) ACTIVATE_CLAMP(F, x, low, high)
#define APPLY_ANY(F, x, low, high, kind) ACTIVATE_ANY(F, x, low, high, kind)
#define APPLY_ALL(F, x, low, high, kind) ACTIVATE_ALL(F, x, low, high, kind)
#define ACTIVATE(F, x, low, high, kind) PASTE(APPLY_, ACT)(F, x, low, high, kind)

// What an unrolled register tile applies before it stores: all but CLAMP store plain sums, and activate_stored() follows in a
// loop, where an exponential is compiled once instead of once for each register.
#define UNROLLED_CLAMP(F, x, low, high) ACTIVATE_CLAMP(F, x, low, high)
#define UNROLLED_ANY(F, x, low, high) (x)
#define UNROLLED_ALL(F, x, low, high) (x)
#define ACTIVATE_UNROLLED(F, x, low, high) PASTE(UNROLLED_, ACT)(F, x, low, high)
#define IS_CLAMP 1
#define IS_ANY 0
#define IS_ALL 0
#define IS_ACT_CLAMP PASTE(IS_, ACT)

// Applies an activation to n values that this work-item stored, WIDTH at a time.
void activate_stored(__global ELEMENT* p, const int n, const float low, const float high, const int kind) {
  int i = 0;
  for (; i + WIDTH <= n; i += WIDTH) {
    const VECTOR(WIDTH) x = LOAD(WIDTH, p + i);
    STORE(WIDTH, ACTIVATE(VECTOR(WIDTH), x, low, high, kind), p + i);
  }
  for (; i < n; i++) {
    const ELEMENT x = p[i];
    p[i] = ACTIVATE(ELEMENT, x, low, high, kind);
  }
}

// The output, and with -D RESIDUAL before it what is added to its values before the activation: a tensor that lies as the output
// does, and may be the output, so that neither is restrict then.
#ifdef RESIDUAL
// The first n of WIDTH values, and zeros: what follows may be another work-item's to write.
VECTOR(WIDTH) load_first(const __global ELEMENT* p, const int n) {
  if (n >= WIDTH) {
    return LOAD(WIDTH, p);
  }
  ELEMENT lanes[WIDTH];
  for (int lane = 0; lane < WIDTH; lane++) {
    lanes[lane] = lane < n ? p[lane] : 0.0f;
  }
  return LOAD(WIDTH, lanes);
}

#define OUTPUT const __global ELEMENT* residual, __global ELEMENT* dst
#define ADD_RESIDUAL(value, at, n) ((value) + load_first(residual + (at), n))
#else
#define OUTPUT __global ELEMENT* restrict dst
#define ADD_RESIDUAL(value, at, n) (value)
#endif

// Where a pixel of the output lies: its image, and the input row and column under the first tap.
#define LOCATE(pixel, image, row, column)                      \
  {                                                            \
    const int line_ = (pixel) / outW;                          \
    column = ((pixel) - line_ * outW) * strideW - left;        \
    image = line_ / outH;                                      \
    row = (line_ - image * outH) * strideH - top;              \
  }

// What a work-item has of `lines` lines of `length` values each: `run` values of each of `each` lines that follow each other.
// Begins a loop over these lines, in which begin <= i < end are the values that it has of `line`.
#define WORK const int lines, const int length, const int run, const int each
#define FOR_MY_LINES                                               \
  const int chunks_ = (length + run - 1) / run;                    \
  const int item_ = (int)get_global_id(0);                         \
  const int firstLine_ = item_ / chunks_ * each;                   \
  const int begin = (item_ - item_ / chunks_ * chunks_) * run;     \
  const int end = min(begin + run, length);                        \
  const int endLine_ = min(firstLine_ + each, lines);              \
  for (int line = firstLine_; line < endLine_; line++)

// Where a line lies among the outer three of four dimensions, the last of which are size1 and size2 long.
#define LOCATE_LINE(i0, i1, i2)               \
  const int lines12_ = line / size2;          \
  const int i2 = line - lines12_ * size2;     \
  const int i0 = lines12_ / size1;            \
  const int i1 = lines12_ - i0 * size1

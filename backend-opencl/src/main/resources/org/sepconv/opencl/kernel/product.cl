// f32-product: stacks of matrices, rows x depth times depth x columns, all of them row by row.
//
//   dst[m, r, s] = sum over k of first[m, r, k] * second[m, k, s]
//
// A work-item computes ROWS rows of WIDTH columns; a row beyond the last is the last once more, and not stored. What lanes beyond
// the last column load is a neighbour's, or what lies behind every buffer. A matrix lies `firstBatch` values for each image and
// `firstChannel` for each channel from the beginning: 0 where one serves all.
//
// -D ROWS, -D WIDTH, -D GROUP work-items of a work-group, along the columns.

__attribute__((reqd_work_group_size(GROUP, 1, 1)))
__kernel void product(
    const __global ELEMENT* restrict first, const __global ELEMENT* restrict second, __global ELEMENT* restrict dst,
    const int rows, const int depth, const int columns, const int channels,
    const int firstBatch, const int firstChannel, const int secondBatch, const int secondChannel) {
  const int column = (int)get_global_id(0) * WIDTH;
  const int row = (int)get_global_id(1) * ROWS;
  const int matrix = (int)get_global_id(2);
  if (column >= columns) {
    return;
  }
  const int n = matrix / channels;
  const int c = matrix - n * channels;
  const __global ELEMENT* a = first + (size_t)n * firstBatch + (size_t)c * firstChannel;
  const __global ELEMENT* b = second + (size_t)n * secondBatch + (size_t)c * secondChannel + column;
  const __global ELEMENT* line[ROWS];
  VECTOR(WIDTH) sum[ROWS];
  for (int r = 0; r < ROWS; r++) {
    line[r] = a + (size_t)min(row + r, rows - 1) * depth;
    sum[r] = (VECTOR(WIDTH))(0);
  }
  for (int k = 0; k < depth; k++) {
    const VECTOR(WIDTH) y = LOAD(WIDTH, b + (size_t)k * columns);
    for (int r = 0; r < ROWS; r++) {
      sum[r] = (VECTOR(WIDTH))(line[r][k]) * y + sum[r];
    }
  }
  __global ELEMENT* to = dst + ((size_t)matrix * rows + row) * columns + column;
  for (int r = 0; r < ROWS && row + r < rows; r++) {
    if (column + WIDTH <= columns) {
      STORE(WIDTH, sum[r], to + (size_t)r * columns);
    } else {
      ELEMENT lanes[WIDTH];
      STORE(WIDTH, sum[r], lanes);
      for (int lane = 0; column + lane < columns; lane++) {
        to[(size_t)r * columns + lane] = lanes[lane];
      }
    }
  }
}

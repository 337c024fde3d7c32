// f32-transpose: each image of `rows` x `columns` values becomes one of `columns` x `rows`: NCHW to NHWC with rows = channels
// and columns = pixels, and back with the two exchanged.
//
// -D TILE side of the square that one work-group (GPU) or work-item (CPU) turns around.

#ifdef GPU
// Rows of the tile are one value longer than a power of two, so that reading a column meets every bank of local memory.
__attribute__((reqd_work_group_size(TILE, TILE, 1)))
__kernel void transpose(const __global ELEMENT* restrict src, __global ELEMENT* restrict dst, const int rows, const int columns) {
  __local ELEMENT tile[TILE][TILE + 1];
  const size_t image = get_global_id(2) * rows * (size_t)columns;
  const int localX = get_local_id(0);
  const int localY = get_local_id(1);
  const int firstRow = get_group_id(1) * TILE;
  const int firstColumn = get_group_id(0) * TILE;
  if (firstRow + localY < rows && firstColumn + localX < columns) {
    tile[localY][localX] = src[image + (size_t)(firstRow + localY) * columns + firstColumn + localX];
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  if (firstColumn + localY < columns && firstRow + localX < rows) {
    dst[image + (size_t)(firstColumn + localY) * rows + firstRow + localX] = tile[localX][localY];
  }
}
#else
__attribute__((reqd_work_group_size(1, 1, 1)))
__kernel void transpose(const __global ELEMENT* restrict src, __global ELEMENT* restrict dst, const int rows, const int columns) {
  const size_t image = get_global_id(2) * rows * (size_t)columns;
  const int firstRow = get_global_id(1) * TILE;
  const int firstColumn = get_global_id(0) * TILE;
  const int endRow = min(firstRow + TILE, rows);
  const int endColumn = min(firstColumn + TILE, columns);
  for (int column = firstColumn; column < endColumn; column++) {
    for (int row = firstRow; row < endRow; row++) {
      dst[image + (size_t)column * rows + row] = src[image + (size_t)row * columns + column];
    }
  }
}
#endif

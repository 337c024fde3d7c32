/**
 * The kernels over the Vector API.
 *
 * <pre>
 *   VectorKernels                 the family
 *     DepthwiseKernel             reads the input where it lies
 *       DepthwiseRow              which tiles make a row; RowTiles, of nearly equal width
 *     PlanarKernel                few channels, plane by plane
 *     WindowKernel                copies what a strip meets, and walks over large kernels
 *     PointwiseKernel             reads the input where it lies, as a product
 *     OnePixelKernel              a product of whole images
 *     TransposedKernel            adds a product for each tap, row by row of the output
 *     MatrixKernel, MatrixStrip   copies strips of rows, and multiplies them
 *     FusedSeparableKernel        both stages of a separable convolution
 *     InvertedResidualKernel      those behind a product that widens; ExpandedRows, what it gives
 *       MatrixProduct             packed weights, panel by panel; MatrixAccess, where its input lies
 *       VectorActivation          what tiles leave of an activation
 *     SquareTurn, NarrowTurn      NCHW and back
 *   TiledProduct                  of products whose matrices are not packed
 *   VectorLoops                   over ranges of floats, for the operations that are no convolutions
 *     VectorUnary, VectorPower    functions of one value; VectorBinary, of two
 *     VectorLoop                  a loop that C2 compiles by itself, also those of activations
 *   TileMeasurement               which tiles are fastest here
 *   VectorPeak                    multiply-adds and nothing else
 * </pre>
 *
 * <p>Between a packed panel and a tile of {@link org.sepconv.cpu.tile} there is one call. Loaded
 * only where the module {@code jdk.incubator.vector} is present.
 */
package org.sepconv.cpu.vector;

/**
 * Register tiles, whose bytecode is emitted at run time.
 *
 * <pre>
 *   VectorEmitter          gives out tiles for one vector length, each emitted once in a JVM
 *     TileSlot             where one is: at first an Untuned... one, which the GeneralTiles compute
 *     MatrixTile           MatrixTileEmitter; TileRows, MatrixTileShape, and TileChoice, which says
 *                          which shape a product takes
 *     DepthwiseTile        DepthwiseTileEmitter
 *     ProductTile          ProductTileEmitter
 *     WindowTile           WindowTileEmitter
 *     PlanarTile           PlanarTileEmitter
 *     TransposeTile        TransposeTileEmitter
 *     InterleaveTile       InterleaveTileEmitter
 *     LaneTile             LaneTileEmitter; LaneSlot, where one is
 *     PixelCopy            PixelCopyEmitter
 *     PixelScale           PixelCopyEmitter
 *     ChannelSpread        ChannelSpreadEmitter
 *     GeneralTiles         what serves all products and all depthwise convolutions: Plain... loops,
 *                          then a GeneralMatrixTile and a GeneralDepthwiseTile
 *   Emission               a tile being emitted, then loaded; TileSignature, its parameters by name
 *   VectorCode             the vocabulary of the emitters
 *   Clamp                  what a tile does of an activation; ActivationCode emits it
 *   Registers              how many there are; a tile that needs more is refused
 * </pre>
 *
 * <p>Tiles know arrays and distances, and nothing of tensors or convolutions. Emitted classes are
 * hidden members of this package.
 */
package org.sepconv.cpu.tile;

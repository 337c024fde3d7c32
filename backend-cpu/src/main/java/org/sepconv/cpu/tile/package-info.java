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
 *     LaneTile             LaneTileEmitter; in a GeneralSlot, empty at first
 *     ChannelSpread        ChannelSpreadEmitter
 *     GeneralTiles         what serves all products, all depthwise convolutions and all copies; in
 *                          each GeneralSlot Plain... loops, then what was emitted
 *       GeneralMatrixTile    GeneralMatrixTileEmitter
 *       GeneralDepthwiseTile GeneralDepthwiseTileEmitter
 *       PixelCopy            PixelCopyEmitter
 *       PixelScale           PixelCopyEmitter
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

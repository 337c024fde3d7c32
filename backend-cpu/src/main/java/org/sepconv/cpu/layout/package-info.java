/**
 * How tensors lie in memory, whatever computes with them.
 *
 * <pre>
 *   ChannelBlocks       [image][block of channels][row][column][channel of the block]
 *   BlockConversion     from NCHW and NHWC to it, and back
 *     MatrixTurn        turns a block around; a family of kernels brings its own
 * </pre>
 */
package org.sepconv.cpu.layout;

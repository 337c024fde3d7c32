/**
 * Depthwise-separable convolution on the JVM: what a convolution is, and the data it works on.
 *
 * <pre>
 *   Operation (sealed)                         Weights (sealed)
 *     Convolution (sealed)                       ConvWeights       filter O x C/g x KH x KW, bias O
 *       Conv2d                                   SeparableWeights  depthwise + pointwise
 *       SeparableConv2d   = depthwise + pointwise
 *     TransposedConv2d                           ConvWeights       filter C x O/g x KH x KW, bias O
 *     Elementwise (sealed)                       Weights.none()
 *       Activate, Binary, Quantize, SquareRoot, Unary
 *     Rearrangement (sealed)
 *       Concat, DepthToSpace, Gather, Pad, Reshape, ResizeNearest, Slice, SpaceToDepth, Transpose
 *     Pool2d, Reduce, ResizeLinear, Softmax, MatrixProduct
 *     BatchNormalization                         BatchNorm         four values a channel
 *     Graph               = named operations     GraphWeights      by the name of the node
 *
 *   Problem = Operation + TensorSpec of each input and output
 *   TensorSpec = Shape (N, C, H, W) + Layout + ElementType
 *
 *   cost       what a problem costs, and a first prediction of its time
 *   spi        what a backend implements
 *   select     finding backends, choosing one, and saying why
 *   session    one network at any input sizes
 *   machine    the processor and folders of this machine
 *   graph      networks that everybody knows, by name, and the passes that make a graph smaller
 *   reference  the float64 definition and the error bound of a correct float32 result
 * </pre>
 */
package org.sepconv;

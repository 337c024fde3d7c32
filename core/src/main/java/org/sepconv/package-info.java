/**
 * Depthwise-separable convolution on the JVM: what a convolution is, and the data it works on.
 *
 * <pre>
 *   Operation (sealed)                         Weights (sealed)
 *     Convolution (sealed)                       ConvWeights       filter O x C/g x KH x KW, bias O
 *       Conv2d               SeparableWeights  depthwise + pointwise
 *       SeparableConv2d   = depthwise + pointwise
 *     GlobalAveragePool, Add                   TensorSpec = Shape (N, C, H, W) + Layout
 *
 *   cost       what an operation costs, and a first prediction of its time
 *   spi        what a backend implements
 *   select     finding backends, choosing one, and saying why
 *   machine    the processor and folders of this machine
 *   network    lists of operations; MobileNetV1 and V2
 *   reference  the float64 definition and the error bound of a correct float32 result
 * </pre>
 */
package org.sepconv;

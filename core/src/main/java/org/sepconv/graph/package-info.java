/**
 * Networks that everybody knows, as {@linkplain org.sepconv.Graph graphs}, and as standard ones.
 *
 * <pre>
 *   Networks           all by name: what a user types
 *     MobileNet        V1 and V2, batch norm folded
 *     MobileNetV3, EfficientNet, ShuffleNetV2, ConvNeXt    nodes and names of torchvision
 *     Xception, DsCnn                                      nodes and names of Keras
 *   StandardGraph      what a network would be without separable convolution
 * </pre>
 */
package org.sepconv.graph;

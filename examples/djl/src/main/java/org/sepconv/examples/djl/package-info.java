/**
 * Programs to copy for the Deep Java Library: {@link org.sepconv.examples.djl.SeparableBlock}, a
 * block for DJL's networks that Sepconv computes, and {@link org.sepconv.examples.djl.TrainShapes},
 * which trains with DJL and predicts with Sepconv.
 *
 * <pre>
 *   TrainShapes   trains, saves, loads, compares
 *   ShapesNetwork the network twice, and the names of its parameters
 *   DrawnShapes   what it learns from
 * </pre>
 */
package org.sepconv.examples.djl;

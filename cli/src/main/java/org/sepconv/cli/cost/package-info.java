/**
 * {@code sepconv cost}: what a convolution ({@code ConvolutionCost}) or a whole network ({@code
 * NetworkCost}) costs, by formula. Nothing here needs a backend.
 */
package org.sepconv.cli.cost;

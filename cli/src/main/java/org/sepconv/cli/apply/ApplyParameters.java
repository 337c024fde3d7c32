package org.sepconv.cli.apply;

import org.sepconv.Activation;
import org.sepconv.Padding;
import org.sepconv.cli.frame.HeightWidth;

/**
 * What {@code sepconv apply} takes from its options rather than from the arrays.
 *
 * @param activation of the output: after the pointwise stage, or the only one
 */
record ApplyParameters(
    HeightWidth stride, HeightWidth dilation, Padding padding, Activation activation) {}

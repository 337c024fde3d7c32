package org.sepconv.examples.text;

import org.sepconv.vision.Quadrilateral;

/**
 * A line of text in a picture.
 *
 * @param place its corners as one reads it: the top left one is where its first letter is
 * @param text what it says
 * @param score how sure the network is of its letters, 0 to 1
 */
public record TextLine(Quadrilateral place, String text, double score) {}

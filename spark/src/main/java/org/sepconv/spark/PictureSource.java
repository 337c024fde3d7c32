package org.sepconv.spark;

import org.sepconv.vision.Picture;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.PictureException;
import org.sepconv.vision.filter.ColourPlanes;

/** What a picture is made of. */
interface PictureSource {
  /**
   * Decodes it.
   *
   * @throws PictureException if it is broken
   * @throws IllegalArgumentException the same, where it is no file
   */
  Picture picture(PictureDecoder decoder) throws PictureException;

  /**
   * As a filter takes it: with its alpha, and more than 8 bits where it has them.
   *
   * @throws PictureException if it is broken
   * @throws IllegalArgumentException the same, where it is no file
   */
  ColourPlanes planes(PictureDecoder decoder) throws PictureException;

  /** How many there are to read. */
  long bytes();
}

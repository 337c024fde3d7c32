package org.sepconv.vision;

import java.util.List;
import org.sepconv.TensorSpec;

/**
 * Pictures as a network takes them.
 *
 * @param values in the order of the layout; not copied
 * @param placements where each picture lies in its image of the batch
 */
public record PictureTensor(TensorSpec spec, float[] values, List<Placement> placements) {
  public PictureTensor {
    spec.shape().checkLength("values", values.length);
    placements = List.copyOf(placements);
  }
}

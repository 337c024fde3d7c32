package org.sepconv.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.onnx.write.ModelWriter;

/**
 * Writes any operation, a network for instance, as an ONNX model of operator set 17, for inputs of
 * the sizes that its problem has.
 */
public final class OnnxWriter {
  private OnnxWriter() {}

  /**
   * The bytes of a model in NCHW. Its inputs and outputs are called as those of a graph; of another
   * operation {@code x0}, {@code x1}, ... and {@code y}.
   *
   * @throws IllegalArgumentException if the weights do not match
   */
  public static byte[] toBytes(Problem problem, Weights weights) {
    return ModelWriter.write(problem, weights);
  }

  /**
   * Writes the same to a file.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Problem problem, Weights weights, Path path) throws IOException {
    Files.write(path, toBytes(problem, weights));
  }
}

package org.sepconv.bench.implementation;

import java.nio.file.Path;
import java.util.List;
import org.sepconv.onnx.NetworkValue;

/**
 * The file that a problem was read from, for engines that read it themselves.
 *
 * @param inputs of the model, by their names, in the order of the problem's
 * @param outputs the same
 * @param readSeconds what it took to read the file and to make a graph of it, which those engines
 *     do while they prepare
 */
public record ModelFile(
    Path path, List<NetworkValue> inputs, List<NetworkValue> outputs, double readSeconds) {
  public ModelFile {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}

package org.sepconv.cli.network;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.text.Numbers;
import org.sepconv.files.AtomicFile;
import org.sepconv.files.FloatArray;
import org.sepconv.files.StateDict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sepconv convert}: weights from one file into another. */
@Command(
    name = "convert",
    header = "Turn a file of weights into another kind.",
    description =
        "Reads safetensors (.safetensors) or a NumPy archive (.npz), and writes the other. Values"
            + " become float32.",
    footer = "Example:  sepconv convert model.safetensors model.npz")
public final class ConvertCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "FROM", description = "Read: .safetensors or .npz.")
  private Path source;

  @Parameters(index = "1", paramLabel = "TO", description = "Written: .safetensors or .npz.")
  private Path target;

  @Mixin private OutputMixin output;

  /** What was converted, as JSON. */
  private record Converted(String from, String to, int arrays, long values) {}

  @Override
  public Integer call() throws IOException {
    AtomicFile.check(target);
    StateDict weights = StateDict.read(source);
    weights.write(target);
    long values =
        weights.arrays().values().stream().map(FloatArray::values).mapToLong(v -> v.length).sum();
    PrintWriter out = output.text();
    out.printf(
        "%d arrays of %s values from %s to %s%n",
        weights.arrays().size(), Numbers.count(values), source, target);
    out.flush();
    output.json(
        new Converted(source.toString(), target.toString(), weights.arrays().size(), values));
    return ExitStatus.OK;
  }
}

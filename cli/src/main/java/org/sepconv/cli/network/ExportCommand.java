package org.sepconv.cli.network;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.sepconv.Layout;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.NetworkNames;
import org.sepconv.cli.frame.NetworkOptionsMixin;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.model.Model;
import org.sepconv.cli.model.SizedModel;
import org.sepconv.cli.text.Numbers;
import org.sepconv.files.AtomicFile;
import org.sepconv.files.StateDict;
import org.sepconv.onnx.OnnxWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sepconv export}: a network into a file. */
@Command(
    name = "export",
    header = "Write a network, or its weights, to a file.",
    description =
        "Writes a network as a model in ONNX, for inputs of one size; or its weights alone, by the"
            + " names of their layers, as safetensors or a NumPy archive.",
    footer = "Example:  sepconv export mobilenet_v2 mobilenet_v2.onnx")
public final class ExportCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "NETWORK",
      completionCandidates = NetworkNames.class,
      description = "One of: ${COMPLETION-CANDIDATES}; or a model in ONNX (.onnx).")
  private String name;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = "Written: .onnx, or weights alone: .safetensors or .npz.")
  private Path target;

  @Mixin private NetworkOptionsMixin networkOptions;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description = "Images in each input of the model (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of random weights (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private OutputMixin output;

  /** What was written, as JSON. */
  private record Exported(String network, String weights, String file, long bytes) {}

  @Override
  public Integer call() throws IOException {
    AtomicFile.check(target);
    Model model = networkOptions.model(name, seed);
    SizedModel sized = model.sized(batch);
    if (target.toString().toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      byte[] bytes = OnnxWriter.toBytes(sized.problem(Layout.NCHW), sized.weights().get());
      AtomicFile.write(target, out -> out.write(bytes));
    } else {
      StateDict.of(sized.graph(), sized.weights().get()).write(target);
    }
    Exported exported =
        new Exported(model.name(), model.weights(), target.toString(), Files.size(target));
    PrintWriter out = output.text();
    out.printf(
        "%s, weights %s: %s bytes in %s%n",
        model.title(), exported.weights, Numbers.count(exported.bytes), target);
    out.flush();
    output.json(exported);
    return ExitStatus.OK;
  }
}

package org.sepconv.cli.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.sepconv.bench.BenchLayer;
import org.sepconv.bench.BenchModel;
import org.sepconv.bench.BenchNetwork;
import org.sepconv.bench.BenchPlan;
import org.sepconv.bench.BenchReport;
import org.sepconv.bench.HtmlReport;
import org.sepconv.bench.Isa;
import org.sepconv.bench.JmhResults;
import org.sepconv.bench.LayerBench;
import org.sepconv.bench.Pace;
import org.sepconv.bench.Subject;
import org.sepconv.bench.Variant;
import org.sepconv.bench.scan.ScanRow;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.NetworkNames;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.frame.TopCommand;
import org.sepconv.cli.text.Progress;
import org.sepconv.files.AtomicFile;
import org.sepconv.onnx.model.OnnxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** {@code sepconv bench}: layers against other engines and the limits of the machine, with JMH. */
@Command(
    name = "bench",
    header =
        "Measure layers or networks with JMH, against other engines and the machine's own limits.",
    description = {
      "Runs each layer, or each network, on each backend in several JVMs, in turns, after its "
          + "output was compared with the reference. The multiply-add peak and the read "
          + "bandwidth of the machine are measured in the same run; the limit of a "
          + "layer is the longer of computing at the peak and of moving its bytes once.",
      "",
      "A backend takes words in brackets:",
      "  cpu[nchw]            tensors in NCHW",
      "  cpu[nchw,arrays]     float[] in and out of each run",
      "  cpu[cold]            not warmed up while it is prepared",
      "  cpu[kernels=scalar]  a setting of its own"
    })
public final class BenchCommand implements Callable<Integer> {

  /** What --quick may take, and what a fork takes beside what it measures: starting, checking. */
  private static final double QUICK_SECONDS = 100;

  private static final double START_SECONDS = 1.8;
  private static final int MACHINE_ROWS = 4;
  private static final int USUAL_FORKS = 3;

  private static final List<String> OF_NETWORKS = List.of("--size", "--width");
  private static final List<String> OF_LAYERS = List.of("--shapes", "--layer", "--variant");
  private static final List<String> OF_READY_MADE = List.of("--size", "--width", "--batch");
  private static final List<String> OF_MODELS = List.of("--shape");
  private static final String MODEL = ".onnx";

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private BenchImplementationsMixin implementations;
  @Mixin private OutputMixin output;

  @Spec private CommandSpec spec;

  @Option(
      names = "--shapes",
      paramLabel = "NAME|FILE",
      defaultValue = "pairs",
      description =
          "Layers: pairs, mobilenet_v1, mobilenet_v2, reports, corners or a file of your own "
              + "(default: ${DEFAULT-VALUE}).")
  private String shapes;

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      split = ",",
      description = "Only these layers of them (default: all).")
  private List<String> layers = List.of();

  @Option(
      names = "--variant",
      paramLabel = "KIND",
      split = ",",
      description =
          "given, separable, depthwise, pointwise, standard: the layer as it is, a "
              + "stage of it, or the standard convolution that it replaces (default: "
              + "given).")
  private List<String> variants = List.of();

  @Option(
      names = {"-n", "--network"},
      paramLabel = "NAME",
      split = ",",
      completionCandidates = NetworkNames.class,
      description =
          "Whole networks instead of layers: ${COMPLETION-CANDIDATES}; or models in ONNX, compared"
              + " with ONNX Runtime.")
  private List<String> networks = List.of();

  @Option(
      names = "--shape",
      paramLabel = "NxCxHxW",
      description =
          "All sizes of the input of a model in ONNX, of several inputs separated by commas; each"
              + " time it is given, a row.")
  private List<String> modelShapes = List.of();

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      defaultValue = "224",
      description = "Height and width of a network's input (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--width",
      paramLabel = "FACTOR",
      defaultValue = "1.0",
      description = "Multiplier of a network's channels (default: ${DEFAULT-VALUE}).")
  private double width;

  @Option(
      names = "--batch",
      paramLabel = "N",
      split = ",",
      description =
          "Images at once (default: as the shapes have it, 1). Of networks several, each a row.")
  private List<Integer> batches = List.of();

  @Option(
      names = "--forks",
      paramLabel = "N",
      description = "JVMs for each row (default: 3, with --quick 1).")
  private Optional<Integer> forks = Optional.empty();

  @Option(
      names = "--isa",
      paramLabel = "NAME",
      defaultValue = "native",
      description =
          "Instructions that all may use: native, or avx2, which holds the JVM, oneDNN and PyTorch "
              + "to vectors of 256 bits; ONNX Runtime has no such setting (default: ${DEFAULT-VALUE}).")
  private String isa;

  @Option(
      names = "--quick",
      description =
          "Answer in under two minutes: short, and with fewer layers where there are many.")
  private boolean quick;

  @Option(
      names = "--jmh-json",
      paramLabel = "FILE",
      description = "Write JMH's own results, in the format that its viewers read.")
  private Optional<Path> jmhFile = Optional.empty();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write a page with charts and a table, for any browser, in one file. "
              + "Without --variant the standard convolutions are measured too, to compare "
              + "savings.")
  private Optional<Path> reportFile = Optional.empty();

  @Option(
      names = "--scan",
      paramLabel = "FILE",
      description = "Show the shapes of this file on the page: what 'sepconv scan --json' wrote.")
  private Optional<Path> scanFile = Optional.empty();

  @Override
  public Integer call() throws IOException {
    batches.forEach(count -> requirePositive("--batch", count));
    forks.ifPresent(count -> requirePositive("--forks", count));
    Isa.parse(isa);
    for (Path file : Stream.concat(jmhFile.stream(), reportFile.stream()).toList()) {
      AtomicFile.check(file);
    }
    List<ScanRow> scan = scan();
    List<? extends Subject> chosen = subjects();
    BenchImplementationsMixin.Chosen measured = implementations.choose(backendOptions);
    measured.notes().forEach(note -> output.err().println("sepconv: " + note));
    BenchPlan plan = plan(chosen, measured);
    LayerBench.Results results;
    try (BenchProgress progress = new BenchProgress(output.err(), TopCommand.of(spec).verbose())) {
      results = LayerBench.run(plan, progress);
    }
    BenchReport report = results.report().withScan(scan);
    BenchText.print(report, output.text());
    output.json(report);
    if (jmhFile.isPresent()) {
      AtomicFile.write(
          jmhFile.get(),
          out ->
              JmhResults.write(results.jmh(), new PrintStream(out, false, StandardCharsets.UTF_8)));
    }
    if (reportFile.isPresent()) {
      AtomicFile.write(reportFile.get(), out -> HtmlReport.write(report, out));
    }
    return report.failures().stream().allMatch(BenchReport.Failure::peer)
        ? ExitStatus.OK
        : ExitStatus.FAILED;
  }

  /** The layers, or the networks; an option that would be ignored is a mistake. */
  private List<? extends Subject> subjects() throws IOException {
    if (networks.isEmpty()) {
      refuse(OF_NETWORKS, "belongs to --network, which is not given");
      refuse(OF_MODELS, "is for models in ONNX, and --network names none");
      if (batches.size() > 1) {
        throw new IllegalArgumentException("--batch takes one number for layers, not " + batches);
      }
      return BenchLayer.of(
          shapes(), layers, variants(), batches.isEmpty() ? 0 : batches.getFirst());
    }
    refuse(OF_LAYERS, "is for layers; leave it out with --network");
    if (networks.stream().anyMatch(name -> name.endsWith(MODEL))) {
      return models();
    }
    refuse(OF_MODELS, "is for models in ONNX, and --network names none");
    return BenchNetwork.of(networks, size, width, batches.isEmpty() ? List.of(1) : batches);
  }

  private List<BenchModel> models() throws IOException {
    refuse(OF_READY_MADE, "is for ready-made networks; say --shape 1x3xHxW for a model in ONNX");
    if (modelShapes.isEmpty()) {
      throw new IllegalArgumentException(
          "say the sizes of the model's input with --shape, 1x3x224x224 for instance");
    }
    List<BenchModel> models = new ArrayList<>();
    for (String network : networks) {
      if (!network.endsWith(MODEL)) {
        throw new IllegalArgumentException(
            "--network names models in ONNX or ready-made networks, not both: %s is none"
                .formatted(network));
      }
      for (String shape : modelShapes) {
        try {
          models.add(BenchModel.read(Path.of(network), BenchModel.dimensions(shape)));
        } catch (OnnxException refused) {
          throw new IllegalArgumentException(
              "%s: %s".formatted(network, refused.getMessage()), refused);
        }
      }
    }
    return models;
  }

  private void refuse(List<String> options, String why) {
    for (var option : spec.commandLine().getParseResult().matchedOptions()) {
      if (options.contains(option.longestName())) {
        throw new ParameterException(spec.commandLine(), option.longestName() + " " + why);
      }
    }
  }

  private List<ScanRow> scan() throws IOException {
    if (scanFile.isEmpty()) {
      return List.of();
    }
    if (reportFile.isEmpty()) {
      throw new IllegalArgumentException("--scan is for the page; say --report FILE too");
    }
    try {
      return JsonMapper.shared()
          .readValue(Files.readString(scanFile.get()), ScanCommand.Document.class)
          .rows();
    } catch (JacksonException failure) {
      throw new IllegalArgumentException(
          "--scan %s is not what 'sepconv scan --json' writes: %s"
              .formatted(scanFile.get(), failure.getOriginalMessage()),
          failure);
    }
  }

  private List<ShapeCase> shapes() throws IOException {
    if (ShapeFile.names().contains(shapes)) {
      return ShapeFile.named(shapes);
    }
    Path file = Path.of(shapes);
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "--shapes is '%s', which is neither a file nor one of: %s"
              .formatted(shapes, String.join(", ", ShapeFile.names())));
    }
    return ShapeFile.read(file);
  }

  private List<Variant> variants() {
    if (variants.isEmpty()) {
      return reportFile.isPresent()
          ? List.of(Variant.GIVEN, Variant.STANDARD)
          : List.of(Variant.GIVEN);
    }
    return variants.stream().map(Variant::parse).distinct().toList();
  }

  private BenchPlan plan(List<? extends Subject> all, BenchImplementationsMixin.Chosen measured) {
    Pace pace = quick ? Pace.QUICK : Pace.USUAL;
    int jvms = forks.orElse(quick ? 1 : USUAL_FORKS);
    List<? extends Subject> chosen = all;
    if (quick) {
      double rows = QUICK_SECONDS / ((pace.seconds() + START_SECONDS) * jvms) - MACHINE_ROWS;
      int fitting = Math.max(1, (int) (rows / measured.implementations().size()));
      chosen = Subject.spread(all, fitting);
      if (chosen.size() < all.size()) {
        output
            .err()
            .printf(
                "sepconv: --quick measures %d of %d %s; --%s chooses which%n",
                chosen.size(),
                all.size(),
                networks.isEmpty() ? "layers" : "networks",
                networks.isEmpty() ? "layer" : "network");
      }
    }
    return new BenchPlan(
        chosen,
        measured.implementations(),
        backendOptions.options().threads(),
        jvms,
        pace,
        Isa.parse(isa));
  }

  private static void requirePositive(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "%s is %d, but must be at least 1".formatted(option, value));
    }
  }

  /**
   * A bar whose length is known with the first call; what the JVMs print goes to stderr, or
   * nowhere.
   */
  private static final class BenchProgress implements LayerBench.Listener, AutoCloseable {
    private final PrintWriter err;
    private final boolean verbose;
    private Optional<Progress> bar = Optional.empty();

    BenchProgress(PrintWriter err, boolean verbose) {
      this.err = err;
      this.verbose = verbose;
    }

    @Override
    public void starting(int done, int total, String what, Optional<Duration> remaining) {
      if (bar.isEmpty()) {
        bar = Optional.of(Progress.start("measuring", total, " JVMs"));
      }
      bar.get().show(done, remaining.map(BenchText::left).orElse("") + what);
    }

    @Override
    public void said(String what, String text) {
      if (verbose) {
        text.lines().forEach(line -> err.println(what + ": " + line));
      }
    }

    @Override
    public void close() {
      bar.ifPresent(Progress::close);
    }
  }
}

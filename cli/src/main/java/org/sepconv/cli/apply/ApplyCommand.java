package org.sepconv.cli.apply;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sepconv.Activation;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.HeightWidth;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.frame.SelectionMixin;
import org.sepconv.files.AtomicFile;
import org.sepconv.files.FloatArray;
import org.sepconv.files.NpyFile;
import org.sepconv.select.Backends;
import org.sepconv.spi.ConvBackend;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sepconv apply}: a convolution on NumPy files. */
@Command(
    name = "apply",
    description = {
      "Apply a convolution to arrays in NumPy files (.npy, float32, C order), so "
          + "that the numbers can be checked from Python.",
      "",
      "Channels, kernel size and depth multiplier come from the arrays. As in "
          + "PyTorch the kernel is not mirrored."
    },
    footer = {
      "Example:  sepconv apply --input x.npy --depthwise d.npy --pointwise p.npy \\",
      "            --padding same --output y.npy"
    })
public final class ApplyCommand implements Callable<Integer> {

  @Option(names = "--input", required = true, paramLabel = "FILE", description = "N x C x H x W.")
  private Path input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Written: N x O x H' x W'.")
  private Path target;

  @ArgGroup(validate = false, heading = "%nA separable convolution:%n")
  private SeparableFiles separable = new SeparableFiles();

  @ArgGroup(validate = false, heading = "%nOr a single one:%n")
  private SingleFiles single = new SingleFiles();

  @ArgGroup(validate = false, heading = "%nBoth:%n")
  private Parameters parameters = new Parameters();

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private SelectionMixin selection;
  @Mixin private OutputMixin output;

  /** The arrays and the activation of a separable convolution's stages. */
  static final class SeparableFiles {
    @Option(
        names = "--depthwise",
        paramLabel = "FILE",
        description = "C*M x 1 x KH x KW: M filters for each input channel.")
    private Optional<Path> depthwise = Optional.empty();

    @Option(names = "--depthwise-bias", paramLabel = "FILE", description = "C*M values.")
    private Optional<Path> depthwiseBias = Optional.empty();

    @Option(
        names = "--depthwise-activation",
        paramLabel = "NAME",
        description = "Between the stages (default: none).")
    private Optional<Activation> depthwiseActivation = Optional.empty();

    @Option(names = "--pointwise", paramLabel = "FILE", description = "O x C*M x 1 x 1.")
    private Optional<Path> pointwise = Optional.empty();

    @Option(names = "--pointwise-bias", paramLabel = "FILE", description = "O values.")
    private Optional<Path> pointwiseBias = Optional.empty();
  }

  /** The arrays and the groups of a single convolution. */
  static final class SingleFiles {
    @Option(names = "--filter", paramLabel = "FILE", description = "O x C/G x KH x KW.")
    private Optional<Path> filter = Optional.empty();

    @Option(names = "--bias", paramLabel = "FILE", description = "O values.")
    private Optional<Path> bias = Optional.empty();

    @Option(
        names = "--groups",
        paramLabel = "G",
        description = "Groups of channels (default: 1); C for a depthwise convolution.")
    private Optional<Integer> groups = Optional.empty();
  }

  /** What is not in the arrays. */
  static final class Parameters {
    @Option(
        names = {"-s", "--stride"},
        paramLabel = "S|HxW",
        defaultValue = "1",
        description = "Stride (default: ${DEFAULT-VALUE}).")
    private HeightWidth stride;

    @Option(
        names = "--dilation",
        paramLabel = "D|HxW",
        defaultValue = "1",
        description = "Distance between neighbouring taps, 1 = none (default: ${DEFAULT-VALUE}).")
    private HeightWidth dilation;

    @Option(
        names = {"-p", "--padding"},
        paramLabel = "PADDING",
        defaultValue = "valid",
        description =
            "Zeros around the input: valid, same, same_lower, one number, or top,left,bottom,right"
                + " (default: ${DEFAULT-VALUE}, none).")
    private Padding padding;

    @Option(
        names = "--activation",
        paramLabel = "NAME",
        defaultValue = "none",
        description =
            "Of the output: none, relu, relu6, hard_swish, silu, sigmoid, hard_sigmoid, gelu, tanh,"
                + " leaky_relu:SLOPE or clamp:MIN:MAX (default: ${DEFAULT-VALUE}).")
    private Activation activation;
  }

  /** The JSON document. */
  record Document(
      String convolution,
      String inputShape,
      String outputShape,
      String output,
      String device,
      String kernel,
      double prepareMilliseconds,
      double runMilliseconds) {}

  @Override
  public Integer call() throws IOException {
    AtomicFile.check(target);
    boolean isSeparable = checkChoice();
    ApplyParameters common = common();
    FloatArray x =
        NpyFile.read(input).requireRank("N x C x H x W", "for one picture: x[np.newaxis]");
    Shape shape = new Shape(x.size(0), x.size(1), x.size(2), x.size(3));
    ApplyArrays arrays = isSeparable ? separableArrays(shape, common) : singleArrays(common);
    Problem problem = Problem.of(arrays.convolution(), TensorSpec.nchw(shape));
    try (Backends backends = backendOptions.discover()) {
      ConvBackend backend = backendOptions.choose(backends, problem, selection);
      AppliedConvolution applied =
          AppliedConvolution.run(backend, problem, arrays.weights(), x.values());
      Shape result = applied.spec().shape();
      NpyFile.write(
          target,
          FloatArray.of(
              target.toString(), applied.values(), result.n(), result.c(), result.h(), result.w()));
      output.text().printf("%s: %s, %s, %s%n", target, result, problem.operation(), applied);
      output.text().flush();
      output.json(document(problem, applied));
    }
    return ExitStatus.OK;
  }

  /** Whether the separable files are given; refuses a mixture, and half of either. */
  private boolean checkChoice() {
    List<String> ofSeparable = new ArrayList<>();
    separable.depthwise.ifPresent(_ -> ofSeparable.add("--depthwise"));
    separable.pointwise.ifPresent(_ -> ofSeparable.add("--pointwise"));
    separable.depthwiseBias.ifPresent(_ -> ofSeparable.add("--depthwise-bias"));
    separable.pointwiseBias.ifPresent(_ -> ofSeparable.add("--pointwise-bias"));
    separable.depthwiseActivation.ifPresent(_ -> ofSeparable.add("--depthwise-activation"));
    List<String> ofSingle = new ArrayList<>();
    single.filter.ifPresent(_ -> ofSingle.add("--filter"));
    single.bias.ifPresent(_ -> ofSingle.add("--bias"));
    single.groups.ifPresent(_ -> ofSingle.add("--groups"));
    if (!ofSeparable.isEmpty() && !ofSingle.isEmpty()) {
      throw new IllegalArgumentException(
          "%s is for a separable convolution, but %s for a single one; give --depthwise and --pointwise, or --filter"
              .formatted(ofSeparable.getFirst(), ofSingle.getFirst()));
    }
    boolean both = separable.depthwise.isPresent() && separable.pointwise.isPresent();
    if (!both && single.filter.isEmpty()) {
      throw new IllegalArgumentException(
          "no filter is given: it takes --depthwise and --pointwise, or --filter");
    }
    return both;
  }

  private ApplyParameters common() {
    return new ApplyParameters(
        parameters.stride, parameters.dilation, parameters.padding, parameters.activation);
  }

  private ApplyArrays separableArrays(Shape shape, ApplyParameters common) throws IOException {
    return ApplyArrays.separable(
        shape,
        NpyFile.read(separable.depthwise.orElseThrow()),
        read(separable.depthwiseBias),
        separable.depthwiseActivation.orElse(Activation.NONE),
        NpyFile.read(separable.pointwise.orElseThrow()),
        read(separable.pointwiseBias),
        common);
  }

  private ApplyArrays singleArrays(ApplyParameters common) throws IOException {
    return ApplyArrays.single(
        NpyFile.read(single.filter.orElseThrow()),
        read(single.bias),
        single.groups.orElse(1),
        common);
  }

  private static Optional<FloatArray> read(Optional<Path> path) throws IOException {
    return path.isPresent() ? Optional.of(NpyFile.read(path.get())) : Optional.empty();
  }

  private Document document(Problem problem, AppliedConvolution applied) {
    return new Document(
        problem.operation().toString(),
        problem.source().shape().toString(),
        applied.spec().shape().toString(),
        target.toString(),
        applied.device(),
        applied.kernel(),
        applied.prepareMilliseconds(),
        applied.runMilliseconds());
  }
}

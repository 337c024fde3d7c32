package org.sepconv.cli.classify;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.NetworkNames;
import org.sepconv.cli.frame.NetworkOptionsMixin;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.frame.SelectionMixin;
import org.sepconv.cli.model.Model;
import org.sepconv.cli.model.SizedModel;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.Progress;
import org.sepconv.select.Backends;
import org.sepconv.select.DataLocation;
import org.sepconv.spi.Prepared;
import org.sepconv.vision.Classes;
import org.sepconv.vision.Preprocessing;
import org.sepconv.vision.Preset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sepconv classify}: pictures to classes. */
@Command(
    name = "classify",
    header = "Say what pictures show.",
    description =
        "Decodes pictures, runs them through a network, and prints the most likely classes of each."
            + " Pictures are decoded while others run. One that cannot be read is a line with its"
            + " error, and makes the exit status 1.",
    footer = "Example:  sepconv classify model.onnx photos/ --labels classes.txt")
public final class ClassifyCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "NETWORK",
      completionCandidates = NetworkNames.class,
      description = "A model in ONNX (.onnx), or one of: ${COMPLETION-CANDIDATES}.")
  private String name;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PICTURE",
      description = "Files, or folders, of which all pictures are meant.")
  private List<Path> named;

  @Mixin private NetworkOptionsMixin networkOptions;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "imagenet",
      description =
          "What the network was trained on (default: ${DEFAULT-VALUE}). imagenet: the middle of the"
              + " picture, mean and deviation as torchvision has them; tensorflow: the whole"
              + " picture, from -1 to 1; text-line: a line of text, as PP-OCR has it.")
  private Preset preset;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "Names of the classes, one a line, in the order of the network's outputs.")
  private Optional<Path> labels = Optional.empty();

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many classes to print (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description = "Pictures that the network takes at once (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Written too: a line for each picture, CSV (.csv) or JSON (.jsonl).")
  private Optional<Path> file = Optional.empty();

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private SelectionMixin selection;
  @Mixin private OutputMixin output;

  @Override
  public Integer call() throws IOException {
    if (top < 1) {
      throw new IllegalArgumentException("--top is %d, but must be at least 1".formatted(top));
    }
    if (file.isPresent()) {
      AnswerFile.check(file.get());
    }
    List<Path> pictures = PictureFiles.of(named);
    Model model = networkOptions.model(name, 1);
    SizedModel sized = model.sized(batch);
    Preprocessing preprocessing =
        preset.preprocessing(
            model.name(), sized.inputs().stream().map(SizedModel.Value::dimensions).toList());
    Answers answers =
        new Answers(
            new Classes(labels.isPresent() ? Answers.labels(labels.get()) : List.of(), top));
    Problem problem = sized.problem(Layout.NCHW);
    answers.classes().check(problem.destination().shape().elements() / batch);
    try (Backends backends = backendOptions.discover()) {
      BackendOptionsMixin.Choice choice =
          backendOptions.choice(backends, problem, selection, DataLocation.host());
      long start = System.nanoTime();
      try (Prepared prepared = choice.backend().prepare(problem, sized.weights().get());
          Classifier classifier =
              new Classifier(
                  prepared, preprocessing, batch, Runtime.getRuntime().availableProcessors())) {
        double preparing = (System.nanoTime() - start) / 1e9;
        return classify(model, choice, classifier, pictures, answers, preparing);
      }
    }
  }

  private int classify(
      Model model,
      BackendOptionsMixin.Choice choice,
      Classifier classifier,
      List<Path> pictures,
      Answers answers,
      double preparing)
      throws IOException {
    PrintWriter out = output.text();
    List<Answer> all = new ArrayList<>();
    long start = System.nanoTime();
    try (Progress progress = Progress.start("classify", pictures.size(), "")) {
      classifier.classify(
          pictures,
          answers,
          answer -> {
            all.add(answer);
            print(answer, out);
            progress.show(all.size(), answer.picture());
          });
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    int failed = (int) all.stream().filter(answer -> answer.error().isPresent()).count();
    ClassifyRun run =
        new ClassifyRun(
            model.name(),
            model.weights(),
            choice.backend().device().id(),
            pictures.size(),
            failed,
            preparing,
            seconds,
            classifier.preparingSeconds(),
            classifier.runningSeconds(),
            all);
    run.print(out);
    if (file.isPresent()) {
      AnswerFile.write(file.get(), all, top);
    }
    output.json(run);
    return failed == 0 ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private static void print(Answer answer, PrintWriter out) {
    out.printf(
        "%s  %s%n",
        answer.picture(),
        answer
            .error()
            .map(error -> "not classified: " + error)
            .orElseGet(
                () ->
                    answer.classes().stream()
                        .map(guess -> guess.name() + " " + Numbers.fixed(guess.share(), 3))
                        .collect(Collectors.joining(", "))));
    out.flush();
  }
}

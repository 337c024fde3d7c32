package org.sepconv.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.sepconv.Shape;
import org.sepconv.onnx.ModelDimension;
import org.sepconv.onnx.OnnxModel;
import org.sepconv.select.Backends;
import org.sepconv.session.InferenceSession;
import org.sepconv.spi.BackendOptions;
import org.sepconv.vision.Classes;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.PictureException;
import org.sepconv.vision.Preprocessing;
import org.sepconv.vision.Preset;

/**
 * What the pictures of a folder show: CSV to stdout, in the order of their names, and a summary to
 * stderr.
 *
 * <pre>
 *   ClassifyFolder MODEL.onnx FOLDER [LABELS.txt]
 * </pre>
 *
 * <p>Each core takes a batch, reads its pictures and runs them on one thread, so that none waits
 * for another, and no more pictures are in memory than there are in these batches. A file that is
 * no picture is a line with its error, and the others go on.
 */
public final class ClassifyFolder {
  /** Where the model leaves them free. */
  private static final List<Integer> USUAL_SIZES = List.of(8, 3, 224, 224);

  private final InferenceSession session;
  private final Shape shape;
  private final Preprocessing preprocessing;
  private final Classes classes;

  /**
   * @param best empty where there is an error
   * @param error empty where there is none
   */
  private record Answer(Path picture, Optional<Classes.Guess> best, String error) {
    String csv() {
      return String.join(
          ",",
          quoted(picture.getFileName().toString()),
          quoted(best.map(Classes.Guess::name).orElse("")),
          best.map(guess -> String.format(Locale.ROOT, "%.4f", guess.share())).orElse(""),
          quoted(error));
    }

    private static String quoted(String text) {
      return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
  }

  private ClassifyFolder(
      InferenceSession session, Shape shape, Preprocessing preprocessing, Classes classes) {
    this.session = session;
    this.shape = shape;
    this.preprocessing = preprocessing.withThreads(1);
    this.classes = classes;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    OnnxModel model = OnnxModel.read(Path.of(args[0]));
    List<Path> files = files(Path.of(args[1]));
    List<String> labels = args.length > 2 ? Files.readAllLines(Path.of(args[2])) : List.of();
    List<Integer> sizes = sizes(model);
    Shape shape = new Shape(sizes.get(0), sizes.get(1), sizes.get(2), sizes.get(3));
    Preprocessing preprocessing = Preset.IMAGENET.preprocessing(args[0], List.of(sizes));
    long start = System.nanoTime();
    int broken;
    try (Backends backends = Backends.discover(BackendOptions.defaults().withThreads(1));
        InferenceSession session = new InferenceSession(backends.backend("cpu"), model)) {
      broken =
          new ClassifyFolder(session, shape, preprocessing, new Classes(labels, 1)).print(files);
    }
    System.err.printf(
        Locale.ROOT,
        "%d pictures in %.1f s; not read: %d%n",
        files.size() - broken,
        (System.nanoTime() - start) / 1e9,
        broken);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Of the model's input, N x 3 x H x W or N x H x W x 3. */
  private static List<Integer> sizes(OnnxModel model) {
    List<ModelDimension> dimensions = model.inputs().getFirst().dimensions();
    List<Integer> sizes = new ArrayList<>(USUAL_SIZES);
    for (int i = 0; i < Math.min(sizes.size(), dimensions.size()); i++) {
      if (!dimensions.get(i).isFree()) {
        sizes.set(i, Integer.parseInt(dimensions.get(i).text()));
      }
    }
    return sizes;
  }

  /** Returns how many files could not be read. */
  private int print(List<Path> files) throws InterruptedException {
    int broken = 0;
    System.out.println("picture,class,share,error");
    int cores = Runtime.getRuntime().availableProcessors();
    try (ExecutorService threads = Executors.newFixedThreadPool(cores)) {
      try {
        List<Future<List<Answer>>> batches = new ArrayList<>();
        for (int from = 0; from < files.size(); from += shape.n()) {
          List<Path> batch = files.subList(from, Math.min(from + shape.n(), files.size()));
          batches.add(threads.submit(() -> classify(batch)));
        }
        for (Future<List<Answer>> batch : batches) {
          for (Answer answer : batch.get()) {
            System.out.println(answer.csv());
            broken += answer.best.isEmpty() ? 1 : 0;
          }
        }
      } catch (ExecutionException failure) {
        throw new IllegalStateException("a batch failed", failure.getCause());
      } finally {
        threads.shutdownNow(); // where one batch failed, the others need not be begun
      }
    }
    return broken;
  }

  private List<Answer> classify(List<Path> files) {
    float[] inputs = new float[shape.elements()]; // zeros where there are fewer pictures
    int size = inputs.length / shape.n();
    int count = 0;
    Map<Path, String> errors = new HashMap<>();
    for (Path file : files) {
      try {
        float[] values = preprocessing.tensor(PictureDecoder.standard().decode(file)).values();
        System.arraycopy(values, 0, inputs, size * count, size);
        count++;
      } catch (PictureException | IllegalArgumentException refused) {
        errors.put(file, String.valueOf(refused.getMessage()));
      }
    }
    float[] outputs = count == 0 ? new float[0] : run(inputs);
    int perPicture = outputs.length / shape.n();
    int next = 0;
    List<Answer> answers = new ArrayList<>();
    for (Path file : files) {
      if (errors.containsKey(file)) {
        answers.add(new Answer(file, Optional.empty(), errors.get(file)));
      } else {
        int from = perPicture * next++;
        float[] own = Arrays.copyOfRange(outputs, from, from + perPicture);
        answers.add(new Answer(file, Optional.of(classes.best(own).getFirst()), ""));
      }
    }
    return answers;
  }

  private float[] run(float[] inputs) {
    float[] outputs = session.run(List.of(shape), inputs).getFirst().values();
    classes.check(outputs.length / shape.n());
    return outputs;
  }
}

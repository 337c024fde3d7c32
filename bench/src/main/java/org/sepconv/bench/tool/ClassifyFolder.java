package org.sepconv.bench.tool;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.sepconv.bench.Environment;
import org.sepconv.onnx.OnnxModel;
import org.sepconv.onnx.OnnxNetwork;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.timing.Quantiles;
import org.sepconv.vision.ChannelOrder;
import org.sepconv.vision.Framing;
import org.sepconv.vision.Normalisation;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.Preprocessing;

/**
 * Which way up lines of text are: a folder of drawn pictures through PP-OCR's orientation model, on
 * the backend {@code cpu} and on ONNX Runtime, in turns. The loop is that of {@code sepconv
 * classify} for both: pictures are decoded and made into tensors by as many threads as there are
 * processors while others run. Every answer is checked.
 *
 * <pre>
 *   java -Xss16m --add-modules jdk.incubator.vector -cp 'cli/target/lib/*'
 *       org.sepconv.bench.tool.ClassifyFolder MODEL [pictures [threads [rounds [folder]]]]
 *                                                    200       1        9       a temporary one
 * </pre>
 *
 * <p>{@code MODEL} is {@code ch_ppocr_mobile_v2.0_cls_infer.onnx}. A folder that is named is kept:
 * {@code sepconv classify MODEL FOLDER --preset text-line} classifies the same pictures.
 */
public final class ClassifyFolder {
  private static final int HEIGHT = 48;
  private static final int WIDTH = 192;

  /** As PP-OCR does it, and {@code --preset text-line}. */
  private static final Preprocessing PREPROCESSING =
      Preprocessing.of(new Framing.Line(HEIGHT, WIDTH, WIDTH, 127.5f))
          .withOrder(ChannelOrder.BGR)
          .withNormalisation(Normalisation.signed())
          .withThreads(1);

  private ClassifyFolder() {}

  /** A network that is ready: the values of a picture to those of the classes. */
  interface Engine extends AutoCloseable {
    float[] run(float[] picture);

    @Override
    void close();
  }

  /**
   * What was seen.
   *
   * @param wrong answers of all rounds
   * @param rates pictures a second, of each round
   */
  record Result(int wrong, List<Double> rates) {

    double rate() {
      return Quantiles.median(rates);
    }
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("say the file of the model");
    }
    Path model = Path.of(arguments[0]);
    int count = Integer.parseInt(FirstRun.argument(arguments, 1, "200"));
    int threads = Integer.parseInt(FirstRun.argument(arguments, 2, "1"));
    int rounds = Integer.parseInt(FirstRun.argument(arguments, 3, "9"));
    boolean kept = arguments.length > 4;
    Path folder =
        kept
            ? Files.createDirectories(Path.of(arguments[4]))
            : Files.createTempDirectory("sepconv-lines");
    List<DrawnLines.Line> lines = DrawnLines.draw(folder, count);
    try {
      System.out.printf(
          "%d pictures, %d thread(s) a run, %s%n%n", count, threads, Environment.here());
      Map<String, Result> results = measure(model, lines, threads, rounds);
      results.forEach(ClassifyFolder::print);
      System.exit(results.values().stream().allMatch(result -> result.wrong == 0) ? 0 : 1);
    } finally {
      if (!kept) {
        for (DrawnLines.Line line : lines) {
          Files.delete(line.file());
        }
        Files.delete(folder);
      }
    }
  }

  private static void print(String engine, Result result) {
    System.out.printf(
        Locale.ROOT,
        "%s: %d wrong answers; %.0f pictures a second (median; %.0f to %.0f)%n",
        engine,
        result.wrong,
        result.rate(),
        result.rates.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
        result.rates.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
  }

  /** The first round of each is to get warm, and does not count. */
  static Map<String, Result> measure(
      Path model, List<DrawnLines.Line> lines, int threads, int rounds) throws IOException {
    Map<String, Result> results = new LinkedHashMap<>();
    try (Engine ours = sepconv(model, threads);
        Engine theirs = onnxRuntime(model, threads)) {
      Map<String, Engine> engines = new LinkedHashMap<>();
      engines.put("cpu", ours);
      engines.put("onnxruntime", theirs);
      engines.forEach((name, _) -> results.put(name, new Result(0, List.of())));
      for (int round = 0; round <= rounds; round++) {
        boolean counts = round > 0;
        for (Map.Entry<String, Engine> engine : engines.entrySet()) {
          long start = System.nanoTime();
          int wrong = classify(engine.getValue(), lines);
          double rate = lines.size() / (FirstRun.millisSince(start) * 1e-3);
          results.computeIfPresent(
              engine.getKey(),
              (_, before) -> {
                List<Double> rates = new ArrayList<>(before.rates);
                if (counts) {
                  rates.add(rate);
                }
                return new Result(before.wrong + wrong, List.copyOf(rates));
              });
        }
      }
    }
    return results;
  }

  /** How many answers are wrong. */
  private static int classify(Engine engine, List<DrawnLines.Line> lines) {
    int decoders = Runtime.getRuntime().availableProcessors();
    int wrong = 0;
    try (ExecutorService decoding = Executors.newFixedThreadPool(decoders)) {
      Deque<Future<float[]>> ahead = new ArrayDeque<>();
      int next = 0;
      for (DrawnLines.Line line : lines) {
        while (next < lines.size() && ahead.size() < 4 * decoders) {
          Path file = lines.get(next++).file();
          ahead.add(decoding.submit(() -> prepare(file)));
        }
        float[] classes = engine.run(await(ahead.remove()));
        wrong += classes[1] > classes[0] == line.upsideDown() ? 0 : 1;
      }
    }
    return wrong;
  }

  private static float[] prepare(Path file) throws IOException {
    return PREPROCESSING.tensor(PictureDecoder.standard().decode(file)).values();
  }

  private static float[] await(Future<float[]> picture) {
    try {
      return picture.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a picture was decoded", interrupted);
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    }
  }

  /** The backend {@code cpu}. */
  static Engine sepconv(Path model, int threads) throws IOException {
    OnnxNetwork network = OnnxModel.read(model).network(1, 3, HEIGHT, WIDTH);
    Backends backends = Backends.discover(BackendOptions.defaults().withThreads(threads));
    Prepared prepared =
        backends.backend("cpu").prepare(network.graph().problem(), network.weights());
    OwningRun bound = OwningRun.of(prepared);
    return new Engine() {
      @Override
      public float[] run(float[] picture) {
        bound.inputs().getFirst().write(picture);
        bound.run();
        return bound.outputs().getFirst().read();
      }

      @Override
      public void close() {
        try (backends;
            prepared;
            bound) {
          // Closed in the other order, whatever one of them throws.
        }
      }
    };
  }

  /** ONNX Runtime, as its documentation shows it. */
  static Engine onnxRuntime(Path model, int threads) {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setIntraOpNumThreads(threads);
      OrtSession session = environment.createSession(model.toString(), options);
      String input = session.getInputNames().iterator().next();
      return new Engine() {
        @Override
        public float[] run(float[] picture) {
          try (OnnxTensor tensor =
                  OnnxTensor.createTensor(
                      environment, FloatBuffer.wrap(picture), new long[] {1, 3, HEIGHT, WIDTH});
              OrtSession.Result result = session.run(Map.of(input, tensor))) {
            return ((float[][]) result.get(0).getValue())[0];
          } catch (OrtException failure) {
            throw new IllegalStateException(failure);
          }
        }

        @Override
        public void close() {
          try {
            session.close();
          } catch (OrtException failure) {
            throw new IllegalStateException(failure);
          }
        }
      };
    } catch (OrtException failure) {
      throw new IllegalStateException(failure);
    }
  }
}

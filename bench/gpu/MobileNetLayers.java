import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.sepconv.Activation;
import org.sepconv.ConvWeights;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cases.Agreement;
import org.sepconv.cases.Verification;
import org.sepconv.cost.Cost;
import org.sepconv.reference.Reference;
import org.sepconv.select.BackendStatus;
import org.sepconv.select.Backends;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;
import org.sepconv.timing.Quantiles;

/** The separable layers of MobileNetV1 on a device: first whether they are right, then how long. */
final class MobileNetLayers {

  /** Channels in and out, rows and columns, stride: the nine different layers of the thirteen. */
  private static final int[][] LAYERS = {
    {32, 64, 112, 1}, {64, 128, 112, 2}, {128, 128, 56, 1}, {128, 256, 56, 2}, {256, 256, 28, 1},
    {256, 512, 28, 2}, {512, 512, 14, 1}, {512, 1024, 14, 2}, {1024, 1024, 7, 1}
  };

  private static final long NANOS_PER_LAYER = 1_000_000_000L;
  private static final int LEAST_RUNS = 10;

  /** Instead of a device: the first GPU. */
  private static final String ANY_GPU = "gpu";

  private record Row(
      int batch,
      int[] layer,
      double callMillis,
      double deviceMillis,
      double medianMillis,
      double limitMillis,
      double gflops,
      String kernel) {}

  private MobileNetLayers() {}

  public static void main(String[] arguments) throws IOException {
    int[] batches = Arrays.stream(arguments[1].split(",")).mapToInt(Integer::parseInt).toArray();
    int cases = Integer.parseInt(arguments[2]);
    Path results = Path.of(arguments[3]);
    double peak = Double.parseDouble(arguments[4]) * 1e12;
    double bandwidth = Double.parseDouble(arguments[5]) * 1e9;
    BackendOptions options = BackendOptions.defaults();
    for (String setting : Arrays.asList(arguments).subList(6, arguments.length)) {
      String[] parts = setting.split("=", 2);
      options = options.with(parts[0], parts[1]);
    }
    try (Backends backends = Backends.discover(options)) {
      String device = arguments[0].equals(ANY_GPU) ? gpu(backends) : arguments[0];
      ConvBackend backend = backends.backend(device);
      System.out.println(backend.device());
      verify(backend, cases);
      List<Row> rows = new ArrayList<>();
      for (int batch : batches) {
        for (int[] layer : LAYERS) {
          Row row = measure(backend, batch, layer, peak, bandwidth);
          System.out.println(markdown(row));
          rows.add(row);
        }
      }
      write(results, backend.device().name(), rows);
    }
  }

  /** Says what there is instead, and ends the process, where there is none. */
  private static String gpu(Backends backends) {
    for (DeviceInfo device : backends.devices()) {
      if ("GPU".equals(device.properties().get("type"))) {
        return device.id();
      }
    }
    System.err.println("no GPU was found: nothing was measured");
    for (BackendStatus status : backends.statuses()) {
      if (status.name().equals("opencl")) {
        switch (status.availability()) {
          case Availability.Unavailable(String reason, String remedy) ->
              System.err.printf("  opencl: %s%n  -> %s%n", reason, remedy);
          case Availability.Available(List<DeviceInfo> devices) ->
              devices.forEach(
                  device ->
                      System.err.printf(
                          "  %s: %s is a %s%n  -> DEVICE=%1$s measures it nevertheless%n",
                          device.id(), device.name(), device.properties().get("type")));
        }
      }
    }
    System.exit(1);
    throw new AssertionError();
  }

  private static void verify(ConvBackend backend, int cases) {
    Verification.Report report =
        Verification.operations(backend, 1, cases, 1, Verification.Listener.NONE);
    System.out.printf(
        "%d random operations right, %d wrong%n", report.passed(), report.failures().size());
    if (!report.failures().isEmpty()) {
      report.failures().forEach(System.out::println);
      throw new IllegalStateException("the backend is wrong: nothing was measured");
    }
  }

  private static Row measure(
      ConvBackend backend, int batch, int[] layer, double peak, double bandwidth) {
    SeparableConv2d conv =
        SeparableConv2d.of(layer[0], layer[1])
            .stride(layer[3])
            .padding(Padding.same())
            .bias()
            .activation(Activation.RELU6)
            .build();
    Random random = new Random(1);
    SeparableWeights weights =
        new SeparableWeights(
            ConvWeights.of(floats(random, 9 * layer[0]), floats(random, layer[0])),
            ConvWeights.of(floats(random, layer[0] * layer[1]), floats(random, layer[1])));
    Problem problem =
        Problem.of(conv, TensorSpec.nhwc(new Shape(batch, layer[0], layer[2], layer[2])));
    float[] input = floats(random, problem.source().shape().elements());
    try (Prepared prepared = backend.prepare(problem, weights);
        Tensor src = backend.allocate(problem.source());
        Tensor dst = backend.allocate(problem.destination());
        Run run = prepared.bind(List.of(src), List.of(dst))) {
      src.write(input);
      run.run();
      check(problem, weights, input, dst.read());
      if (run.deviceTime().isZero()) {
        throw new IllegalStateException(backend.device().id() + " has no clock of its own");
      }
      List<Double> device = new ArrayList<>();
      double call = Double.MAX_VALUE;
      long end = System.nanoTime() + NANOS_PER_LAYER;
      while (System.nanoTime() < end || device.size() < LEAST_RUNS) {
        long start = System.nanoTime();
        run.run();
        call = Math.min(call, (System.nanoTime() - start) / 1e6);
        device.add(run.deviceTime().toNanos() / 1e6);
      }
      Cost cost = Cost.of(problem);
      double limit =
          peak > 0 && bandwidth > 0
              ? Math.max(cost.flops() / peak, cost.bytes() / bandwidth) * 1e3
              : 0;
      double best = Collections.min(device);
      return new Row(
          batch,
          layer,
          call,
          best,
          Quantiles.median(device),
          limit,
          cost.flops() / best / 1e6,
          prepared.kernel());
    }
  }

  /** Compares the first and the last image with the reference, which takes each image on its own. */
  private static void check(
      Problem problem, SeparableWeights weights, float[] input, float[] output) {
    Shape shape = problem.source().shape();
    int in = input.length / shape.n();
    int out = output.length / shape.n();
    Problem one = problem.withSource(problem.source().withShape(shape.withBatch(1)));
    for (int image : new int[] {0, shape.n() - 1}) {
      Reference.Result expected =
          Reference.run(
              one,
              weights,
              Arrays.copyOfRange(input, image * in, (image + 1) * in));
      int number = image;
      Agreement.of(expected, Arrays.copyOfRange(output, image * out, (image + 1) * out))
          .problem()
          .ifPresent(
              difference -> {
                throw new IllegalStateException(
                    "%s is wrong: image %d: %s".formatted(problem, number, difference));
              });
      if (shape.n() == 1) {
        return;
      }
    }
  }

  private static float[] floats(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private static void write(Path folder, String device, List<Row> rows) throws IOException {
    Files.createDirectories(folder);
    try (PrintStream md = new PrintStream(Files.newOutputStream(folder.resolve("results.md")))) {
      md.println("Sepconv, opencl, on " + device + "; device time, the best and the median run");
      md.println();
      md.println("| batch | layer | device ms | median ms | call ms | GFLOP/s | of the limit | kernel |");
      md.println("|---|---|---|---|---|---|---|---|");
      rows.forEach(row -> md.println(markdown(row)));
    }
    try (PrintStream json = new PrintStream(Files.newOutputStream(folder.resolve("results.json")))) {
      json.println("{\"device\": \"" + device.replace("\"", "'") + "\", \"rows\": [");
      for (int i = 0; i < rows.size(); i++) {
        json.println(json(rows.get(i)) + (i + 1 < rows.size() ? "," : ""));
      }
      json.println("]}");
    }
  }

  private static String markdown(Row row) {
    return String.format(
        Locale.ROOT,
        "| %d | %d->%d %d s%d | %.4f | %.4f | %.4f | %.0f | %s | %s |",
        row.batch,
        row.layer[0],
        row.layer[1],
        row.layer[2],
        row.layer[3],
        row.deviceMillis,
        row.medianMillis,
        row.callMillis,
        row.gflops,
        row.limitMillis > 0
            ? String.format(Locale.ROOT, "%.0f %%", 100 * row.limitMillis / row.deviceMillis)
            : "-",
        row.kernel);
  }

  private static String json(Row row) {
    return String.format(
        Locale.ROOT,
        "{\"batch\": %d, \"in\": %d, \"out\": %d, \"size\": %d, \"stride\": %d, \"device_ms\": %.6f,"
            + " \"median_ms\": %.6f, \"call_ms\": %.6f, \"limit_ms\": %.6f, \"gflops\": %.1f,"
            + " \"kernel\": \"%s\"}",
        row.batch,
        row.layer[0],
        row.layer[1],
        row.layer[2],
        row.layer[3],
        row.deviceMillis,
        row.medianMillis,
        row.callMillis,
        row.limitMillis,
        row.gflops,
        row.kernel);
  }
}

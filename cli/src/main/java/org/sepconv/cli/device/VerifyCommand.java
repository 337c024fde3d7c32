package org.sepconv.cli.device;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.sepconv.cases.Verification;
import org.sepconv.cases.Verification.Failure;
import org.sepconv.cases.Verification.Report;
import org.sepconv.cases.Verification.Skip;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.Errors;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.Progress;
import org.sepconv.select.BackendStatus;
import org.sepconv.select.Backends;
import org.sepconv.spi.Availability;
import org.sepconv.spi.ConvBackend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sepconv verify}: random operations against the reference, on this machine. */
@Command(
    name = "verify",
    header = "Random operations on every device, checked against the reference.",
    description =
        "Runs random operations on every available device, or on the named ones, and compares every"
            + " output with the float64 reference: bit for bit on whole numbers, within the bound"
            + " of a correct float32 result on others, with NaN and infinities among them. Every"
            + " second one is a convolution, the others are all else that a network is made of."
            + " A failing case is shrunk to a small one.")
public final class VerifyCommand implements Callable<Integer> {

  /** More failures than this are only counted in text; JSON has them all. */
  private static final int PRINTED = 5;

  @Option(
      names = {"-n", "--cases"},
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many operations (default: ${DEFAULT-VALUE}).")
  private int cases;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description =
          "Which operations: the same seed gives the same ones (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      description = "Operations at the same time (default: the available processors).")
  private int atOnce = Runtime.getRuntime().availableProcessors();

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private OutputMixin output;

  /**
   * The JSON document.
   *
   * @param passed whether no device has a failure or failed to open
   */
  record Document(long seed, int cases, boolean passed, List<DeviceReport> devices) {}

  /**
   * What a device did.
   *
   * @param error why it could not be verified; empty if it was
   * @param passed cases with the right result
   * @param unsupported cases that the backend says it cannot run
   * @param repeat the command that runs up to the first failure again; empty if there is none
   */
  record DeviceReport(
      String device,
      String name,
      double seconds,
      String error,
      int passed,
      List<Skip> unsupported,
      List<Failure> failures,
      String repeat) {

    boolean good() {
      return error.isEmpty() && failures.isEmpty();
    }
  }

  @Override
  public Integer call() throws IOException {
    if (cases < 1) {
      throw new IllegalArgumentException("--cases is " + cases + ", but must be at least 1");
    }
    if (atOnce < 1) {
      throw new IllegalArgumentException("--at-once is " + atOnce + ", but must be at least 1");
    }
    PrintWriter out = output.text();
    List<DeviceReport> reports = new ArrayList<>();
    try (Backends backends = backendOptions.discover()) {
      List<String> ids = backendOptions.requireDeviceIds(backends);
      out.printf(
          "%s random operations of seed %d on %s%n%n",
          Numbers.count(cases), seed, String.join(", ", ids));
      out.flush();
      for (String id : ids) {
        DeviceReport report = verify(backends, id);
        reports.add(report);
        print(report, out);
      }
      if (!backendOptions.named()) {
        printUnavailable(backends, out);
      }
    }
    boolean passed = reports.stream().allMatch(DeviceReport::good);
    out.println(passed ? "All devices compute the right numbers." : "FAILED");
    out.flush();
    output.json(new Document(seed, cases, passed, reports));
    return passed ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private DeviceReport verify(Backends backends, String id) {
    long start = System.nanoTime();
    try (Progress progress = Progress.start("verify " + id, cases, "")) {
      ConvBackend backend = backends.backend(id);
      Report report =
          Verification.operations(
              backend,
              seed,
              cases,
              atOnce,
              (done, _, failures) ->
                  progress.show(done, failures == 0 ? "" : failures + " failed"));
      return new DeviceReport(
          id,
          backend.device().name(),
          (System.nanoTime() - start) / 1e9,
          "",
          report.passed(),
          report.unsupported(),
          report.failures(),
          report.failures().isEmpty() ? "" : repeat(id, report.failures().getFirst()));
    } catch (IllegalArgumentException wrongSetting) {
      throw wrongSetting;
    } catch (RuntimeException | LinkageError | AssertionError failure) {
      return new DeviceReport(
          id,
          "",
          (System.nanoTime() - start) / 1e9,
          Errors.describe(failure, id),
          0,
          List.of(),
          List.of(),
          "");
    }
  }

  private String repeat(String id, Failure failure) {
    StringBuilder command = new StringBuilder("sepconv verify --backend ").append(id);
    command.append(" --seed ").append(seed).append(" --cases ").append(failure.index() + 1);
    command.append(backendOptions.commandLine());
    return command.toString();
  }

  private static void print(DeviceReport report, PrintWriter out) {
    if (!report.error().isEmpty()) {
      out.printf("%s: FAILED: %s%n%n", report.device(), report.error());
      return;
    }
    out.printf("%s  %s%n", report.device(), report.name());
    out.printf(
        "  %s passed, %s failed, %s not supported, in %s s%n",
        Numbers.count(report.passed()),
        Numbers.count(report.failures().size()),
        Numbers.count(report.unsupported().size()),
        Numbers.fixed(report.seconds(), 1));
    Map<String, Integer> reasons = new LinkedHashMap<>();
    report.unsupported().forEach(skip -> reasons.merge(skip.reason(), 1, Integer::sum));
    reasons.forEach(
        (reason, count) -> out.printf("  not supported, %s: %s%n", Numbers.count(count), reason));
    for (Failure failure : report.failures().stream().limit(PRINTED).toList()) {
      out.printf("  FAILED  %s%n", failure.description());
      out.printf("          %s%n", failure.message());
      out.printf("  shrunk  %s%n", failure.shrunk());
    }
    if (report.failures().size() > PRINTED) {
      out.printf(
          "  ... and %s more; --json has them all%n",
          Numbers.count(report.failures().size() - PRINTED));
    }
    if (!report.repeat().isEmpty()) {
      out.printf("  repeat  %s%n", report.repeat());
    }
    out.println();
  }

  private static void printUnavailable(Backends backends, PrintWriter out) {
    for (BackendStatus status : backends.statuses()) {
      if (status.availability() instanceof Availability.Unavailable(String reason, String remedy)) {
        out.printf("%s  not available: %s%n", status.name(), reason);
        if (!remedy.isEmpty()) {
          out.printf("  remedy  %s%n", remedy);
        }
        out.println();
      }
    }
  }
}

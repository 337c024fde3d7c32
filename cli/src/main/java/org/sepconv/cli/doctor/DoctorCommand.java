package org.sepconv.cli.doctor;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.sepconv.cli.frame.Errors;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.frame.TopCommand;
import org.sepconv.select.Backends;
import org.sepconv.select.Diagnosis;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Finding;
import org.sepconv.spi.Finding.Status;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sepconv doctor}: what would fail or be slow on this machine, before it is. */
@Command(
    name = "doctor",
    header = "What would fail or be slow on this machine, and what to do about it.",
    description =
        "Checks the JVM, the processor, memory, folders and every backend, and tries each device"
            + " out with a small convolution. Exit status 1 if a check FAILED; warnings do not"
            + " count.")
public final class DoctorCommand implements Callable<Integer> {

  @Option(
      names = "--no-run",
      description =
          "Only look: open no device. PyTorch, for one, unpacks itself when first opened.")
  private boolean lookOnly;

  @Mixin private OutputMixin output;

  @Spec private CommandSpec spec;

  /**
   * The JSON document.
   *
   * @param passed whether nothing FAILED
   */
  record Document(boolean passed, int warnings, int failed, List<Section> sections) {}

  /** Findings that belong together. */
  record Section(String name, List<Finding> findings) {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = output.text();
    List<Section> sections = new ArrayList<>();
    // First, and shown at once: a driver that crashes the process later hides none of it.
    JvmFacts jvm = JvmFacts.here();
    add(sections, new Section("Java", JvmChecks.of(jvm)), out);
    add(sections, new Section("processor", ProcessorChecks.of(ProcessorFacts.here(), jvm)), out);
    add(sections, new Section("memory", MemoryChecks.of(MemoryFacts.here(), jvm)), out);
    add(sections, new Section("places", PlaceChecks.of(PlaceFacts.here())), out);
    BackendOptions cold = BackendOptions.defaults().withWarmUp(Duration.ZERO);
    try (Backends backends = TopCommand.of(spec).discover(cold)) {
      for (Diagnosis diagnosis : backends.diagnose()) {
        add(sections, new Section("backend " + diagnosis.backend(), diagnosis.findings()), out);
      }
      addTrials(sections, trials(backends), out);
    }
    Document document = document(sections);
    summary(document, out);
    output.json(document);
    return document.passed() ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private List<Trial> trials(Backends backends) {
    List<DeviceInfo> devices = backends.devices();
    if (devices.isEmpty()) {
      return List.of(
          Trial.without(
              Finding.failed(
                  "devices",
                  "no backend can be used, so nothing can run",
                  "see above, or add sepconv-backend-cpu to the class path, which needs nothing")));
    }
    if (lookOnly) {
      return List.of(
          Trial.without(Finding.notApplicable("devices", "not tried out, because of --no-run")));
    }
    return devices.stream().map(device -> Trial.run(backends, device, Errors::describe)).toList();
  }

  private static void add(List<Section> sections, Section section, PrintWriter out) {
    sections.add(section);
    out.println(section.name());
    section.findings().forEach(finding -> print(finding, out));
    out.println();
    out.flush();
  }

  /** Each with the kernels that its device considered, which are no findings. */
  private static void addTrials(List<Section> sections, List<Trial> trials, PrintWriter out) {
    Section section = new Section("trial", trials.stream().map(Trial::finding).toList());
    sections.add(section);
    out.println(section.name());
    for (Trial trial : trials) {
      print(trial.finding(), out);
      trial.kernels().forEach(kernel -> line("", "", kernel.toString(), out));
    }
    out.println();
    out.flush();
  }

  private static void print(Finding finding, PrintWriter out) {
    line(word(finding.status()), finding.check(), finding.found(), out);
    if (!finding.remedy().isEmpty()) {
      line("", "", "-> " + finding.remedy(), out);
    }
  }

  private static void line(String status, String check, String text, PrintWriter out) {
    out.printf("  %-7s  %-14s  %s%n", status, check, Errors.oneLine(text));
  }

  private static String word(Status status) {
    return switch (status) {
      case OK -> "ok";
      case WARNING -> "WARNING";
      case FAILED -> "FAILED";
      case NOT_APPLICABLE -> "-";
    };
  }

  private static Document document(List<Section> sections) {
    int warnings = count(sections, Status.WARNING);
    int failed = count(sections, Status.FAILED);
    return new Document(failed == 0, warnings, failed, sections);
  }

  private static int count(List<Section> sections, Status status) {
    return (int)
        sections.stream()
            .flatMap(section -> section.findings().stream())
            .filter(finding -> finding.status() == status)
            .count();
  }

  private static void summary(Document document, PrintWriter out) {
    int all = document.sections().stream().mapToInt(section -> section.findings().size()).sum();
    out.println(
        document.warnings() + document.failed() == 0
            ? "%d checks: all is well".formatted(all)
            : "%d checks: %d failed, %d %s; each -> says what to do"
                .formatted(
                    all,
                    document.failed(),
                    document.warnings(),
                    document.warnings() == 1 ? "warning" : "warnings"));
    out.flush();
  }
}

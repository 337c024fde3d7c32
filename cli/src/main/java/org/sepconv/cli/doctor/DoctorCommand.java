package org.sepconv.cli.doctor;

import java.io.IOException;
import java.io.PrintWriter;
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
    try (Backends backends = TopCommand.of(spec).discover(BackendOptions.defaults())) {
      for (Diagnosis diagnosis : backends.diagnose()) {
        add(sections, new Section("backend " + diagnosis.backend(), diagnosis.findings()), out);
      }
      add(sections, new Section("trial", trials(backends)), out);
    }
    Document document = document(sections);
    summary(document, out);
    output.json(document);
    return document.passed() ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private List<Finding> trials(Backends backends) {
    List<DeviceInfo> devices = backends.devices();
    if (devices.isEmpty()) {
      return List.of(
          Finding.failed(
              "devices",
              "no backend can be used, so nothing can run",
              "see above, or add sepconv-backend-cpu to the class path, which needs nothing"));
    }
    if (lookOnly) {
      return List.of(Finding.notApplicable("devices", "not tried out, because of --no-run"));
    }
    return devices.stream().map(device -> Trial.run(backends, device, Errors::describe)).toList();
  }

  private static void add(List<Section> sections, Section section, PrintWriter out) {
    sections.add(section);
    out.println(section.name());
    for (Finding finding : section.findings()) {
      out.printf(
          "  %-7s  %-14s  %s%n",
          word(finding.status()), finding.check(), Errors.oneLine(finding.found()));
      if (!finding.remedy().isEmpty()) {
        out.printf("  %-7s  %-14s  -> %s%n", "", "", Errors.oneLine(finding.remedy()));
      }
    }
    out.println();
    out.flush();
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

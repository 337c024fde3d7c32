package org.sepconv.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sepconv.machine.Processor;
import org.sepconv.spi.Finding;

/** Whether the JVM uses all of the processor: its vectors, and its cores. */
public final class ProcessorChecks {
  private static final int BITS = 8;

  /** What the vectors of each instruction set hold, in bits. */
  private record Vectors(String feature, String name, int bits, int useAvx) {}

  private static final List<Vectors> X86 =
      List.of(
          new Vectors("avx512f", "AVX-512", 512, 3),
          new Vectors("avx2", "AVX2", 256, 2),
          new Vectors("avx", "AVX", 256, 1));

  private ProcessorChecks() {}

  public static List<Finding> of(ProcessorFacts machine, JvmFacts jvm) {
    List<Finding> findings = new ArrayList<>();
    Processor processor = machine.processor();
    findings.add(
        Finding.ok(
            "name",
            processor.model().isEmpty()
                ? processor.name()
                : processor.name() + " (" + processor.model() + ")"));
    findings.add(vectors(processor, jvm));
    findings.add(multiplyAdd(jvm));
    findings.add(count(machine, jvm));
    findings.add(quota(machine));
    return findings;
  }

  private static Finding vectors(Processor processor, JvmFacts jvm) {
    Optional<Integer> bytes = jvm.number("MaxVectorSize");
    if (bytes.isEmpty()) {
      return Finding.notApplicable("vectors", "this JVM does not say how long its vectors are");
    }
    int bits = bytes.get() * BITS;
    String used = "C2 uses %d bits%s".formatted(bits, avx(jvm));
    Optional<Vectors> widest =
        X86.stream().filter(set -> processor.features().contains(set.feature)).findFirst();
    if (widest.isEmpty()) {
      return Finding.ok("vectors", used);
    }
    Vectors own = widest.get();
    if (bits >= own.bits) {
      return Finding.ok("vectors", own.name + ", " + used);
    }
    return Finding.warning(
        "vectors",
        "the processor has %s (%d bits), but %s".formatted(own.name, own.bits, used),
        "start java with -XX:UseAVX=%d, and without -XX:MaxVectorSize".formatted(own.useAvx));
  }

  private static String avx(JvmFacts jvm) {
    return jvm.option("UseAVX").map(level -> " (UseAVX=" + level + ")").orElse("");
  }

  private static Finding multiplyAdd(JvmFacts jvm) {
    Optional<String> used = jvm.option("UseFMA");
    if (used.isEmpty()) {
      return Finding.notApplicable("multiply-add", "this JVM does not say whether it fuses them");
    }
    return used.get().equals("true")
        ? Finding.ok("multiply-add", "fused, in one instruction")
        : Finding.failed( // compare, which takes seconds, did not end within a minute
            "multiply-add",
            "java does not use the processor's FMA instruction, and computes each in software: the vector kernels hardly move",
            "start java without -XX:-UseFMA; in a virtual machine, pass the host's processor through; or use --option cpu.kernels=scalar");
  }

  private static Finding count(ProcessorFacts machine, JvmFacts jvm) {
    int visible = machine.visible();
    int all = machine.processor().logical();
    if (all == 0 || visible >= all) {
      return Finding.ok("processors", visible + (all == 0 ? "" : ", all that the machine has"));
    }
    String found = "java uses %d of the machine's %d".formatted(visible, all);
    Optional<Integer> flag = jvm.number("ActiveProcessorCount").filter(count -> count > 0);
    if (flag.isPresent()) {
      return Finding.warning(
          "processors",
          found + ", as -XX:ActiveProcessorCount=" + flag.get() + " says",
          "start java without -XX:ActiveProcessorCount, or use --threads");
    }
    if (machine.affinity().filter(allowed -> allowed <= visible).isPresent()) {
      return Finding.warning(
          "processors",
          found + ", which is all that this process may run on (taskset, or a container's cpuset)",
          "give it more, for instance docker run --cpuset-cpus=0-%d".formatted(all - 1));
    }
    return Finding.warning(
        "processors",
        found + (machine.quota().isPresent() ? ", because of the quota below" : ""),
        "give the container more, for instance docker run --cpus=%d; -XX:ActiveProcessorCount=%d overrides what java finds"
            .formatted(all, all));
  }

  private static Finding quota(ProcessorFacts machine) {
    if (machine.quota().isEmpty()) {
      return Finding.ok("quota", "none");
    }
    double quota = machine.quota().getAsDouble();
    String text = String.format(Locale.ROOT, "%.2f processors' time (control group)", quota);
    if (machine.visible() <= quota) {
      return Finding.ok("quota", text);
    }
    return Finding.warning(
        "quota",
        text
            + ", for %d threads: they will be stopped for a part of the time"
                .formatted(machine.visible()),
        quota < 1
            ? "give the container a whole processor: docker run --cpus=1"
            : "use --threads %d, or a quota of whole processors".formatted((int) quota));
  }
}

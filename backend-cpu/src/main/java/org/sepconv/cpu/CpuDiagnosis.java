package org.sepconv.cpu;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Collectors;
import org.sepconv.cpu.memory.Span;
import org.sepconv.spi.Finding;

/**
 * What keeps the kernels from their speed on this JVM.
 *
 * @param vectorModule whether the Vector API is there
 * @param kernels what {@link KernelSettings#describe} says
 * @param collectors the names of the garbage collector's parts
 */
record CpuDiagnosis(boolean vectorModule, String kernels, List<String> collectors) {

  static CpuDiagnosis here() {
    return new CpuDiagnosis(
        VectorApi.isPresent(),
        KernelSettings.describe(),
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(GarbageCollectorMXBean::getName)
            .toList());
  }

  List<Finding> findings() {
    return List.of(kernelFamily(), alignment());
  }

  private Finding kernelFamily() {
    return vectorModule
        ? Finding.ok("kernels", kernels)
        : Finding.warning(
            "kernels",
            "scalar: right, but many times slower than the vector kernels",
            "start java with " + VectorApi.FLAG);
  }

  /** See {@link Span#LINE_START}: only a collector with regions puts large arrays where we rely. */
  private Finding alignment() {
    String used = collectors.stream().collect(Collectors.joining(", "));
    if (used.contains("G1") || used.contains("ZGC") || used.contains("Shenandoah")) {
      return Finding.ok(
          "alignment",
          "large arrays start a cache line, under the garbage collector "
              + used.replaceAll(" .*", ""));
    }
    return Finding.warning(
        "alignment",
        "arrays start anywhere under this garbage collector (%s), so that vectors cross cache lines: 5 to 25 %% slower"
            .formatted(used),
        "start java with -XX:+UseG1GC; java picks another one by itself on a single processor or below 1792 MiB of memory");
  }
}

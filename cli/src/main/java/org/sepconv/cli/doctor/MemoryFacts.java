package org.sepconv.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sepconv.Graph;
import org.sepconv.cost.Cost;
import org.sepconv.graph.MobileNet;

/**
 * The memory of this process, in bytes.
 *
 * @param heap the largest heap that java will use
 * @param total what the machine, or the container, has
 * @param free what of it is free
 * @param layer what the largest layer of MobileNetV1 moves for one image: input, weights, output
 * @param hugePages the line of {@code transparent_hugepage/enabled}, the chosen word in brackets;
 *     empty where the system has none
 */
public record MemoryFacts(long heap, long total, long free, long layer, String hugePages) {
  private static final Path HUGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
  private static final int IMAGE = 224;

  /** Of this machine and process. */
  public static MemoryFacts here() {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new MemoryFacts(
        Runtime.getRuntime().maxMemory(),
        system.getTotalMemorySize(),
        system.getFreeMemorySize(),
        largestLayer(),
        readHugePages());
  }

  private static long largestLayer() {
    Graph network = MobileNet.v1(IMAGE, 1.0);
    return network.steps(network.problem()).stream()
        .mapToLong(step -> Cost.of(step.problem()).bytes())
        .max()
        .orElseThrow();
  }

  private static String readHugePages() {
    try {
      return Files.readString(HUGE_PAGES).strip();
    } catch (IOException _) {
      return "";
    }
  }
}

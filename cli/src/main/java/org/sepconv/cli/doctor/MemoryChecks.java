package org.sepconv.cli.doctor;

import java.util.List;
import org.sepconv.spi.Finding;

/** Whether layers of a usual size fit, and into which pages. */
public final class MemoryChecks {

  /** A batch as it is common. */
  private static final int BATCH = 32;

  /**
   * How often a command holds a layer: its tensors and the caller's arrays, and for a check the
   * reference, whose values and bounds are float64.
   */
  private static final int COPIES = 6;

  /**
   * Classes' data, scratch and packed weights. With it, {@code compare} of MobileNetV1's largest
   * layer is said to need 75 MiB; it fails in 64 and passes in 80.
   */
  private static final long BASE = 48L << 20;

  /** What PyTorch or an OpenCL driver needs outside of the heap. */
  private static final long OUTSIDE = 1L << 30;

  private MemoryChecks() {}

  public static List<Finding> of(MemoryFacts memory, JvmFacts jvm) {
    return List.of(heap(memory), outside(memory), hugePages(memory, jvm));
  }

  private static Finding heap(MemoryFacts memory) {
    long one = BASE + COPIES * memory.layer();
    long batch = BASE + COPIES * BATCH * memory.layer();
    String heap = "up to %d MiB".formatted(mebi(memory.heap()));
    String needs =
        "MobileNetV1's largest layer needs about %d MiB, and a batch of %d of it %d MiB"
            .formatted(mebi(one), BATCH, mebi(batch));
    if (memory.heap() < one) {
      return Finding.failed("heap", heap + "; " + needs, more(one));
    }
    return memory.heap() < batch
        ? Finding.warning("heap", heap + "; " + needs, more(batch) + ", or use smaller batches")
        : Finding.ok("heap", heap + "; " + needs);
  }

  private static String more(long bytes) {
    return "JAVA_OPTS=-Xmx%dm ./sepconv ..., or java -Xmx%dm".formatted(mebi(bytes), mebi(bytes));
  }

  private static Finding outside(MemoryFacts memory) {
    long rest = memory.total() - memory.heap();
    String found =
        "%d MiB in all, %d MiB free".formatted(mebi(memory.total()), mebi(memory.free()));
    return rest >= OUTSIDE
        ? Finding.ok("machine", found)
        : Finding.warning(
            "machine",
            "%s; a full heap leaves %d MiB for PyTorch and OpenCL drivers, which may need %d MiB"
                .formatted(found, Math.max(0, mebi(rest)), mebi(OUTSIDE)),
            "give the machine or container more memory, or java a smaller heap (-Xmx)");
  }

  private static Finding hugePages(MemoryFacts memory, JvmFacts jvm) {
    String setting = memory.hugePages();
    if (setting.isEmpty()) {
      return Finding.notApplicable("huge pages", "this system has no transparent ones");
    }
    String chosen = setting.replaceAll(".*\\[|\\].*", "");
    boolean wanted = jvm.option("UseTransparentHugePages").filter("true"::equals).isPresent();
    if (wanted && chosen.equals("never")) {
      return Finding.warning(
          "huge pages",
          "java was started with -XX:+UseTransparentHugePages, but the system says never",
          "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled");
    }
    boolean used = chosen.equals("always") || wanted;
    return Finding.ok(
        "huge pages",
        "%s: the heap %s"
            .formatted(
                chosen,
                used
                    ? "is in large pages"
                    : chosen.equals("madvise")
                        ? "is in small pages (-XX:+UseTransparentHugePages puts it into large ones)"
                        : "is in small pages"));
  }

  private static long mebi(long bytes) {
    return bytes >> 20;
  }
}

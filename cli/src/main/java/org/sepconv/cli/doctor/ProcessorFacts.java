package org.sepconv.cli.doctor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.sepconv.machine.Processor;

/**
 * The processors, and how many of them this process may use.
 *
 * @param processor what they are
 * @param visible how many the JVM sees
 * @param affinity how many the process may run on, by its affinity or a container's cpuset; empty
 *     where unknown
 * @param quota how many processors' time a container may use; empty where it is not limited
 */
public record ProcessorFacts(
    Processor processor, int visible, Optional<Integer> affinity, OptionalDouble quota) {

  /** Of this machine and process. */
  public static ProcessorFacts here() {
    return new ProcessorFacts(
        Processor.here(),
        ManagementFactory.getOperatingSystemMXBean().getAvailableProcessors(),
        affinity(read(Path.of("/proc/self/status"))),
        quota(Path.of("/sys/fs/cgroup"), read(Path.of("/proc/self/cgroup"))));
  }

  /** From the line {@code Cpus_allowed_list: 0-3,8} of a process's status. */
  static Optional<Integer> affinity(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .map(line -> count(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst();
  }

  private static int count(String ranges) {
    int count = 0;
    for (String range : ranges.split(",")) {
      String[] ends = range.split("-");
      count += Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1;
    }
    return count;
  }

  /**
   * The smallest quota on the way from the process's control group to the root; in a container the
   * root is often all that is to be seen.
   *
   * @param root where control groups are mounted
   * @param membership the process's {@code /proc/self/cgroup}
   */
  static OptionalDouble quota(Path root, String membership) {
    OptionalDouble least = OptionalDouble.empty();
    for (String line : membership.lines().toList()) {
      String[] parts = line.split(":", 3); // hierarchy : controllers : path
      if (parts.length < 3) {
        continue;
      }
      boolean second = parts[1].isEmpty();
      boolean first = List.of(parts[1].split(",")).contains("cpu");
      if (!first && !second) {
        continue;
      }
      Path mount = second ? root : root.resolve(first(root, parts[1]));
      for (Path group = mount.resolve(parts[2].substring(1)).normalize();
          group != null && group.startsWith(mount);
          group = group.getParent()) {
        OptionalDouble quota = second ? unified(group) : legacy(group);
        if (quota.isPresent()) {
          least = OptionalDouble.of(Math.min(quota.getAsDouble(), least.orElse(Double.MAX_VALUE)));
        }
      }
    }
    return least;
  }

  private static String first(Path root, String controllers) {
    return Files.isDirectory(root.resolve(controllers)) ? controllers : "cpu";
  }

  private static OptionalDouble unified(Path group) {
    String[] parts = read(group.resolve("cpu.max")).strip().split(" ");
    return parts.length == 2 ? share(parts[0], parts[1]) : OptionalDouble.empty();
  }

  private static OptionalDouble legacy(Path group) {
    return share(
        read(group.resolve("cpu.cfs_quota_us")).strip(),
        read(group.resolve("cpu.cfs_period_us")).strip());
  }

  private static OptionalDouble share(String quota, String period) {
    boolean limited = quota.matches("[0-9]+") && period.matches("[1-9][0-9]*");
    return limited
        ? OptionalDouble.of(Double.parseDouble(quota) / Double.parseDouble(period))
        : OptionalDouble.empty();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException _) {
      return "";
    }
  }
}

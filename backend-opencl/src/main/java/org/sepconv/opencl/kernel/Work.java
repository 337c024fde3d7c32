package org.sepconv.opencl.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How work-items share lines of as many values each: what {@code FOR_MY_LINES} of common.cl goes
 * through.
 *
 * @param width values at once
 * @param run values of a line that an item has, a multiple of the width
 * @param each lines that an item has a part of
 * @param group items of a work-group
 */
record Work(int lines, int length, int width, int run, int each, int group) {

  /** The same one value at a time: where those of a line are no neighbours. */
  Work scalar() {
    return new Work(lines, length, 1, run, each, group);
  }

  /** Work-items in all. */
  long items() {
    return (long) Math.ceilDiv(length, run) * Math.ceilDiv(lines, each);
  }

  /** The arguments that {@code WORK} declares. */
  int[] arguments() {
    return new int[] {lines, length, run, each};
  }

  /** {@code v16-cpu}. */
  String name(String family) {
    return "v%d-%s".formatted(width, family);
  }

  Launch launch(String file, String function, Map<String, String> constants, ArgumentList list) {
    Map<String, String> all = new HashMap<>(Map.of("ACT", "CLAMP"));
    all.putAll(constants);
    all.put("WIDTH", "" + width);
    all.put("GROUP", "" + group);
    return new Launch(
        new ProgramKey(file, all),
        function,
        List.copyOf(list.list()),
        new long[] {Math.ceilDiv(items(), group)},
        new long[] {group});
  }
}

package org.sepconv.bench.implementation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the kernels of several operations are called together. */
final class KernelNames {
  private KernelNames() {}

  /** In the order of their first use, each once, with its number: {@code a + 3x b + c}. */
  static String joined(List<String> kernels) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    kernels.forEach(kernel -> counts.merge(kernel, 1, Integer::sum));
    return counts.entrySet().stream()
        .map(entry -> (entry.getValue() == 1 ? "" : entry.getValue() + "x ") + entry.getKey())
        .collect(Collectors.joining(" + "));
  }
}

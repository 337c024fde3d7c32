package org.sepconv.opencl.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelSourceTest {

  /** Bounds of an activation are float, and so is what ELEMENT stands for where nothing says. */
  private static final String ALLOWED =
      "#define ELEMENT float|\\bconst float (low|high|depthwiseLow|depthwiseHigh)\\b";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "depthwise",
        "depthwise_any",
        "direct",
        "matrix_cpu",
        "matrix_gpu",
        "separable_cpu",
        "transpose"
      })
  void valuesAreOfTheElementType(String kernel) {
    List<String> others =
        new ProgramKey(kernel, Map.of())
            .text()
            .lines()
            .map(line -> line.replaceFirst("//.*", "").replaceAll(ALLOWED, ""))
            .filter(line -> line.matches(".*\\bfloat(2|4|8|16)?\\b.*"))
            .toList();
    assertEquals(List.of(), others);
  }
}

package org.sepconv.opencl.kernel;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelSourceTest {

  /** Bounds of an activation are float, and so is what ELEMENT stands for where nothing says. */
  private static final String ALLOWED =
      "#define ELEMENT float|\\bconst float (low|high|depthwiseLow|depthwiseHigh)\\b";

  /** The names of all files but common.cl, with which each of them begins. */
  static List<String> kernels() throws Exception {
    Path folder = Path.of(ProgramKey.class.getResource("common.cl").toURI()).getParent();
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".cl") && !name.equals("common.cl"))
          .map(name -> name.substring(0, name.length() - ".cl".length()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void aClassOfItsNamePlansIt(String kernel) {
    String name =
        Stream.of(kernel.split("_"))
            .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
            .collect(Collectors.joining());
    assertDoesNotThrow(() -> Class.forName(ProgramKey.class.getPackageName() + "." + name));
  }

  @ParameterizedTest
  @MethodSource("kernels")
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

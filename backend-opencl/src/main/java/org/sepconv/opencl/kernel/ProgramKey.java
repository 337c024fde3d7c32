package org.sepconv.opencl.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sepconv.opencl.device.ProgramSource;

/**
 * A kernel source and the constants that specialise it.
 *
 * @param kernel name of the resource {@code NAME.cl}, beside this class
 * @param constants what {@code -D} defines; an empty value defines the name only
 */
public record ProgramKey(String kernel, Map<String, String> constants) implements ProgramSource {

  public ProgramKey {
    constants = new TreeMap<>(constants); // one order, so that equal programs have equal keys
  }

  @Override
  public String name() {
    return kernel;
  }

  @Override
  public String options() {
    return constants.entrySet().stream()
        .map(
            constant ->
                "-D"
                    + constant.getKey()
                    + (constant.getValue().isEmpty() ? "" : "=" + constant.getValue()))
        .collect(Collectors.joining(" "));
  }

  @Override
  public String text() {
    return resource("common") + "\n" + resource(kernel);
  }

  private static String resource(String name) {
    try (InputStream stream = ProgramKey.class.getResourceAsStream(name + ".cl")) {
      if (stream == null) {
        throw new IllegalStateException("the jar has no kernel source " + name + ".cl");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException("kernel source " + name + ".cl cannot be read", failure);
    }
  }
}

package org.sepconv.cases;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.sepconv.Activation;
import org.sepconv.Padding;
import org.sepconv.Shape;

/**
 * Shapes in text files, for tests and benchmarks alike. One case on each line, {@code #} starts a
 * comment:
 *
 * <pre>
 * NAME separable|depthwise|pointwise|standard|grouped in=[N x]CxHxW [KEY=VALUE ...]
 *
 * out=O                 output channels; as many as input channels where left out
 * kernel=3 | 3x5        height x width; 3 where left out, 1 for pointwise
 * stride=2 | 2x1        1 where left out
 * dilation=2 | 2x1      1 (none) where left out
 * padding=valid | same | same_lower | 1 | TOP,LEFT,BOTTOM,RIGHT
 * groups=4              of grouped
 * multiplier=2          depth multiplier, of depthwise and separable
 * bias=true             false where left out; of separable also depthwise or pointwise (only)
 * residual=true         false where left out
 * activation=relu6      none where left out; of separable also relu6/none (depthwise/pointwise)
 * </pre>
 */
public final class ShapeFile {

  // A list, not a look into the folder: a jar cannot be listed by its class loader.
  private static final List<String> NAMES =
      List.of("corners", "mobilenet_v1", "mobilenet_v2", "pairs", "reports");

  private ShapeFile() {}

  /** The files of this library: arguments of {@link #named}. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The cases of one of this library's files, in its order.
   *
   * @throws IllegalArgumentException if there is no such file, listing those there are
   */
  public static List<ShapeCase> named(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "there is no shape file '%s'; there are: %s".formatted(name, String.join(", ", NAMES)));
    }
    String resource = "shapes/" + name + ".txt";
    try (InputStream stream = ShapeFile.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IllegalStateException(resource + " is missing from the cases jar");
      }
      return parse(resource, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(resource, failure);
    }
  }

  /**
   * The cases of a file of your own.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if a line is wrong, with file, line number and text
   */
  public static List<ShapeCase> read(Path file) throws IOException {
    return parse(file.toString(), Files.readString(file));
  }

  /**
   * One case.
   *
   * @throws IllegalArgumentException if the line is wrong, naming the word
   */
  public static ShapeCase parseLine(String line) {
    String[] words = line.strip().split("\\s+");
    if (words.length < 3) {
      throw new IllegalArgumentException("expected NAME KIND in=CxHxW [KEY=VALUE ...]");
    }
    CaseParameters parameters = new CaseParameters();
    parameters.name = words[0];
    parameters.form = form(words[1]);
    int usualKernel = parameters.form == CaseParameters.Form.POINTWISE ? 1 : 3;
    parameters.kernelH = usualKernel;
    parameters.kernelW = usualKernel;
    Set<String> seen = new HashSet<>();
    for (int i = 2; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("'%s' is not KEY=VALUE".formatted(words[i]));
      }
      String key = words[i].substring(0, equals);
      if (!seen.add(key)) {
        throw new IllegalArgumentException("%s is given twice".formatted(key));
      }
      set(parameters, key, words[i].substring(equals + 1));
    }
    if (!seen.contains("in")) {
      throw new IllegalArgumentException("in=CxHxW is missing");
    }
    if (!seen.contains("out")) {
      parameters.outChannels = parameters.inChannels;
    }
    return parameters.toCase();
  }

  private static List<ShapeCase> parse(String file, String text) {
    List<ShapeCase> cases = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String content = line.replaceFirst("#.*", "").strip();
      if (content.isEmpty()) {
        continue;
      }
      try {
        ShapeCase shape = parseLine(content);
        if (!names.add(shape.name())) {
          throw new IllegalArgumentException("there are two cases named " + shape.name());
        }
        cases.add(shape);
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException(
            "%s:%d: %s; the line is: %s".formatted(file, number, wrong.getMessage(), line.strip()),
            wrong);
      }
    }
    return List.copyOf(cases);
  }

  private static CaseParameters.Form form(String word) {
    for (CaseParameters.Form form : CaseParameters.Form.values()) {
      if (form.toString().equals(word)) {
        return form;
      }
    }
    throw new IllegalArgumentException(
        "'%s' is not a kind of convolution: expected %s"
            .formatted(
                word,
                String.join(
                    ", ",
                    Arrays.stream(CaseParameters.Form.values()).map(Object::toString).toList())));
  }

  private static void set(CaseParameters target, String key, String value) {
    boolean separable = target.form == CaseParameters.Form.SEPARABLE;
    boolean depthwise = target.form == CaseParameters.Form.DEPTHWISE;
    switch (key) {
      case "in" -> {
        Shape shape = Shape.parse(value);
        target.batch = shape.n();
        target.inChannels = shape.c();
        target.height = shape.h();
        target.width = shape.w();
      }
      case "out" -> {
        requireApplies(!depthwise, key, "depthwise, which has in * multiplier", target);
        target.outChannels = number(key, value);
      }
      case "kernel" -> {
        int[] pair = pair(key, value);
        target.kernelH = pair[0];
        target.kernelW = pair[1];
        requireApplies(
            target.form != CaseParameters.Form.POINTWISE || (pair[0] == 1 && pair[1] == 1),
            key,
            "pointwise, which is 1x1",
            target);
      }
      case "stride" -> {
        int[] pair = pair(key, value);
        target.strideH = pair[0];
        target.strideW = pair[1];
      }
      case "dilation" -> {
        int[] pair = pair(key, value);
        target.dilationH = pair[0];
        target.dilationW = pair[1];
      }
      case "padding" -> target.padding = Padding.parse(value);
      case "groups" -> {
        requireApplies(target.form == CaseParameters.Form.GROUPED, key, "" + target.form, target);
        target.groups = number(key, value);
      }
      case "multiplier" -> {
        requireApplies(depthwise || separable, key, "" + target.form, target);
        target.multiplier = number(key, value);
      }
      case "bias" -> setBias(target, value.toLowerCase(Locale.ROOT), separable);
      case "residual" -> target.residual = truth(key, value.toLowerCase(Locale.ROOT));
      case "activation" -> {
        String[] stages = value.split("/", -1);
        requireApplies(
            stages.length == 1 || (separable && stages.length == 2), key, "one stage", target);
        target.activation = Activation.parse(stages[stages.length - 1]);
        target.depthwiseActivation = separable ? Activation.parse(stages[0]) : Activation.NONE;
      }
      default ->
          throw new IllegalArgumentException(
              "'%s' is not a key: expected in, out, kernel, stride, dilation, padding, groups, multiplier, bias, residual, activation"
                  .formatted(key));
    }
  }

  private static void setBias(CaseParameters target, String value, boolean separable) {
    boolean single = value.equals("true") || value.equals("false");
    boolean stage = value.equals("depthwise") || value.equals("pointwise");
    if (!single && !(separable && stage)) {
      throw new IllegalArgumentException(
          "bias=%s: expected true, false%s"
              .formatted(value, separable ? ", depthwise or pointwise" : ""));
    }
    target.bias = value.equals("true") || value.equals("pointwise");
    target.depthwiseBias = separable && (value.equals("true") || value.equals("depthwise"));
  }

  private static boolean truth(String key, String value) {
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException("%s=%s: expected true, false".formatted(key, value));
    }
    return value.equals("true");
  }

  private static void requireApplies(
      boolean applies, String key, String where, CaseParameters target) {
    if (!applies) {
      throw new IllegalArgumentException(
          "%s of %s does not apply to %s".formatted(key, target.name, where));
    }
  }

  private static int number(String key, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException wrong) {
      throw new IllegalArgumentException("%s=%s is not a number".formatted(key, value), wrong);
    }
  }

  private static int[] pair(String key, String value) {
    String[] parts = value.split("x", -1);
    if (parts.length > 2) {
      throw new IllegalArgumentException(
          "%s=%s is neither one number nor HEIGHTxWIDTH".formatted(key, value));
    }
    int vertical = number(key, parts[0]);
    return new int[] {vertical, parts.length == 1 ? vertical : number(key, parts[1])};
  }
}

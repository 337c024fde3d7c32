package org.sepconv.cpu.tile;

import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * The method {@code compute} of a tile's interface, whose parameters the emitters take by their
 * names there: the build keeps them ({@code javac -parameters}).
 *
 * @param parameters their names, in order
 */
record TileSignature(MethodTypeDesc type, List<String> parameters) {
  static final String METHOD = "compute";

  /** What tells a tile to compute nothing: see {@link TinyProblem#HEAT}. */
  static final String HEAT = "heat";

  /** Each interface is looked at once. */
  private static final ClassValue<TileSignature> SIGNATURES =
      new ClassValue<>() {
        @Override
        protected TileSignature computeValue(Class<?> tile) {
          return read(tile);
        }
      };

  static TileSignature of(Class<?> tile) {
    return SIGNATURES.get(tile);
  }

  private static TileSignature read(Class<?> tile) {
    Method compute =
        Arrays.stream(tile.getDeclaredMethods())
            .filter(method -> method.getName().equals(METHOD))
            .findFirst()
            .orElseThrow();
    if (!Arrays.stream(compute.getParameters()).allMatch(Parameter::isNamePresent)) {
      throw new IllegalStateException(
          "the parameters of %s.%s have no names: compile it with javac -parameters"
              .formatted(tile.getName(), METHOD));
    }
    MethodType type = MethodType.methodType(compute.getReturnType(), compute.getParameterTypes());
    return new TileSignature(
        MethodTypeDesc.ofDescriptor(type.toMethodDescriptorString()),
        Arrays.stream(compute.getParameters()).map(Parameter::getName).toList());
  }

  /** Whether calls can count for the JVM without computing anything. */
  boolean isHeated() {
    return parameters.contains(HEAT);
  }

  /** Which parameter has this name, counted from 0. */
  int index(String name) {
    int index = parameters.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException("no parameter is called " + name + ": " + parameters);
    }
    return index;
  }
}

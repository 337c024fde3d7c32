package org.sepconv.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The instructions that everything that is measured may use, ours and the engines'. */
public enum Isa {

  /** All that the processor has. */
  NATIVE(List.of(), Map.of()),

  /** At most AVX2, and so vectors of 256 bits and 16 registers, on x86. */
  AVX2(
      List.of("-XX:UseAVX=2"),
      Map.of(
          "ONEDNN_MAX_CPU_ISA", "AVX2", // oneDNN, and the one inside PyTorch
          "ATEN_CPU_CAPABILITY", "avx2", // PyTorch's own kernels
          "MKL_ENABLE_INSTRUCTIONS", "AVX2"));

  private static final String PROPERTY = "sepconv.bench.isa";

  private final List<String> jvmOptions;
  private final Map<String, String> environment;

  Isa(List<String> jvmOptions, Map<String, String> environment) {
    this.jvmOptions = jvmOptions;
    this.environment = environment;
  }

  /**
   * From what a user types.
   *
   * @throws IllegalArgumentException if there is none of this name, or this machine has no such
   *     instructions
   */
  public static Isa parse(String text) {
    return switch (text) {
      case "native" -> NATIVE;
      case "avx2" -> onX86(AVX2, System.getProperty("os.arch"));
      default ->
          throw new IllegalArgumentException(
              "'%s' is not an instruction set: expected native or avx2".formatted(text));
    };
  }

  static Isa onX86(Isa isa, String architecture) {
    if (!List.of("amd64", "x86_64").contains(architecture)) {
      throw new IllegalArgumentException(
          "%s is for x86, but this machine is %s: leave it out".formatted(isa, architecture));
    }
    return isa;
  }

  /** Options of the JVMs that measure. */
  List<String> jvmOptions() {
    return this == NATIVE
        ? jvmOptions
        : Stream.concat(jvmOptions.stream(), Stream.of("-D" + PROPERTY + "=" + this)).toList();
  }

  /** What is noted beside the results; empty where nothing is held back. */
  Optional<String> note() {
    return this == NATIVE
        ? Optional.empty()
        : Optional.of(
            "held to %s: JVM %s, oneDNN and PyTorch by ONEDNN_MAX_CPU_ISA and ATEN_CPU_CAPABILITY; ONNX Runtime has no such setting"
                .formatted(toString().toUpperCase(Locale.ROOT), String.join(" ", jvmOptions)));
  }

  /** That of this JVM, as {@link #jvmOptions} gave it. */
  static Isa ofThisJvm() {
    return parse(System.getProperty(PROPERTY, NATIVE.toString()));
  }

  /**
   * Sets this process' environment, which native engines read when they are loaded: before that.
   *
   * @throws IllegalStateException if the C library has no {@code setenv}
   */
  void apply() {
    environment.forEach(Isa::set);
  }

  @SuppressWarnings("restricted")
  private static void set(String name, String value) {
    Linker linker = Linker.nativeLinker();
    MethodHandle setenv =
        linker.downcallHandle(
            linker
                .defaultLookup()
                .find("setenv")
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            "this system has no setenv: set %s=%s before starting"
                                .formatted(name, value))),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocateFrom(name);
      int status = (int) setenv.invokeExact(key, arena.allocateFrom(value), 1);
      if (status != 0) {
        throw new IllegalStateException("setenv of %s failed: %d".formatted(name, status));
      }
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException("setenv of " + name, failure);
    }
  }

  /** {@code avx2}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package org.sepconv.bench.implementation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * oneDNN's C interface ({@code dnnl.h}, version 3). The library comes in the jar of its Java
 * presets, but without them: these need a jar of OpenCL's that is not published for this version.
 */
@SuppressWarnings("restricted") // to call C is what this is for
final class DnnlLibrary {

  /** Names the folder that {@link #extract} filled, so that each fork need not do it again. */
  static final String FOLDER_PROPERTY = "sepconv.bench.onednn";

  private static final String RESOURCES = "/org/bytedeco/dnnl/linux-x86_64/";
  private static final String OPENMP = "libgomp.so.1";
  private static final String DNNL = "libdnnl.so.3";

  // dnnl_types.h and dnnl_common_types.h
  static final int CPU = 1;
  static final int F32 = 3;
  static final int FORWARD_INFERENCE = 96;
  static final int CONVOLUTION_DIRECT = 1;
  static final int SCRATCHPAD_USER = 1;
  static final int ELTWISE_RELU = 0x20;
  static final int ELTWISE_TANH = 0x21;
  static final int ELTWISE_HARDSIGMOID = 40;
  static final int ELTWISE_LOGISTIC = 41;
  static final int ELTWISE_SWISH = 44;
  static final int ELTWISE_CLIP = 46;
  static final int ELTWISE_GELU_ERF = 49;
  static final int ELTWISE_HARDSWISH = 52;
  static final int BINARY_ADD = 0x1fff0;
  static final int BINARY_MULTIPLY = 0x1fff1;
  static final int POOLING_AVERAGE = 0x3ff; // without the padding, of which there is none
  static final int QUERY_IMPL_INFO = 8;
  static final int QUERY_SRC = 129;
  static final int QUERY_WEIGHTS = 131;
  static final int QUERY_DST = 133;
  static final int QUERY_SCRATCHPAD = 136;
  static final int ARG_SRC = 1;
  static final int ARG_SRC_1 = 2;
  static final int ARG_DST = 17;
  static final int ARG_WEIGHTS = 33;
  static final int ARG_BIAS = 41;
  static final int ARG_SCRATCHPAD = 80;
  static final int ARG_FIRST_POST_OP = 32768;
  private static final int STREAM_IN_ORDER = 1;

  /** Orders of a tensor's values, {@code dnnl_format_tag_t}. */
  enum Format {
    ANY(1),
    X(2),
    NCHW(5),
    GOIHW(6),
    NHWC(22),
    NCHW16C(78),
    NCHW8C(102);

    final int tag;

    Format(int tag) {
      this.tag = tag;
    }
  }

  private final Linker linker = Linker.nativeLinker();
  private final SymbolLookup dnnl;
  private final Map<String, MethodHandle> handles = new ConcurrentHashMap<>();
  private final MethodHandle setThreads;
  private final MethodHandle execute;
  private final MethodHandle await;

  private DnnlLibrary(Path folder) {
    // First: the loader then finds it by its name when the other asks for it.
    SymbolLookup openmp = SymbolLookup.libraryLookup(folder.resolve(OPENMP), Arena.global());
    dnnl = SymbolLookup.libraryLookup(folder.resolve(DNNL), Arena.global());
    setThreads =
        linker.downcallHandle(
            openmp.findOrThrow("omp_set_num_threads"),
            FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    execute =
        handle(
            "dnnl_primitive_execute",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS));
    await =
        handle(
            "dnnl_stream_wait", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  }

  /** Why the library cannot be used here; empty if it can. */
  static Optional<String> unavailable() {
    String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!platform.equals("Linux amd64")) {
      return Optional.of("its library is built in for Linux amd64 only, and this is " + platform);
    }
    return DnnlLibrary.class.getResource(RESOURCES + DNNL) == null
        ? Optional.of("the jar with %s is not on the class path".formatted(DNNL))
        : Optional.empty();
  }

  /** Copies the library out of its jar. */
  static void extract(Path folder) throws IOException {
    for (String name : List.of(OPENMP, DNNL)) {
      try (InputStream stream = DnnlLibrary.class.getResourceAsStream(RESOURCES + name)) {
        if (stream == null) {
          throw new IOException(RESOURCES + name + " is not on the class path");
        }
        Files.copy(stream, folder.resolve(name));
      }
    }
  }

  /** Loads the library. */
  static DnnlLibrary load() {
    String extracted = System.getProperty(FOLDER_PROPERTY);
    if (extracted != null) {
      return new DnnlLibrary(Path.of(extracted));
    }
    try {
      Path folder = Files.createTempDirectory("sepconv-onednn");
      try {
        extract(folder);
        return new DnnlLibrary(folder);
      } finally { // a loaded library needs its file no more
        Files.deleteIfExists(folder.resolve(OPENMP));
        Files.deleteIfExists(folder.resolve(DNNL));
        Files.deleteIfExists(folder);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("oneDNN cannot be extracted: " + failure, failure);
    }
  }

  private MethodHandle handle(String function, FunctionDescriptor descriptor) {
    return linker.downcallHandle(dnnl.findOrThrow(function), descriptor);
  }

  /** Sets the threads of what the calling thread will run. */
  void useThreads(int threads) {
    try {
      setThreads.invokeExact(threads);
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** {@code dnnl_primitive_execute}: queues a primitive; allocates nothing. */
  void execute(MemorySegment primitive, MemorySegment stream, int count, MemorySegment arguments) {
    int status;
    try {
      status = (int) execute.invokeExact(primitive, stream, count, arguments);
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
    check("dnnl_primitive_execute", status);
  }

  /** {@code dnnl_stream_wait}. */
  void await(MemorySegment stream) {
    int status;
    try {
      status = (int) await.invokeExact(stream);
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
    check("dnnl_stream_wait", status);
  }

  /** Calls a function that returns a status; not for the hot path. */
  void call(String function, Object... arguments) {
    check(function, (int) invoke(function, Optional.of(ValueLayout.JAVA_INT), arguments));
  }

  /** Calls a function whose first parameter takes a new object, and returns that. */
  MemorySegment create(Arena arena, String function, Object... arguments) {
    MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
    Object[] all = new Object[arguments.length + 1];
    all[0] = result;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    call(function, all);
    return result.get(ValueLayout.ADDRESS, 0);
  }

  /** Calls a function that returns a pointer. */
  MemorySegment pointer(String function, Object... arguments) {
    return (MemorySegment) invoke(function, Optional.of(ValueLayout.ADDRESS), arguments);
  }

  /** {@code dnnl_memory_desc_get_size}. */
  long size(MemorySegment description) {
    return (long)
        invoke("dnnl_memory_desc_get_size", Optional.of(ValueLayout.JAVA_LONG), description);
  }

  MemorySegment engine(Arena arena) {
    return create(arena, "dnnl_engine_create", CPU, 0L);
  }

  MemorySegment stream(Arena arena, MemorySegment engine) {
    return create(arena, "dnnl_stream_create", engine, STREAM_IN_ORDER);
  }

  /** The version, as in {@code 3.13.0}. */
  String version() {
    MemorySegment version = pointer("dnnl_version").reinterpret(3L * Integer.BYTES);
    return "%d.%d.%d"
        .formatted(
            version.getAtIndex(ValueLayout.JAVA_INT, 0),
            version.getAtIndex(ValueLayout.JAVA_INT, 1),
            version.getAtIndex(ValueLayout.JAVA_INT, 2));
  }

  /** The text that a pointer in {@code holder} points to. */
  static String text(MemorySegment holder) {
    return holder.get(ValueLayout.ADDRESS, 0).reinterpret(Integer.MAX_VALUE).getString(0);
  }

  private Object invoke(String function, Optional<MemoryLayout> result, Object... arguments) {
    MemoryLayout[] parameters = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      parameters[i] =
          switch (arguments[i]) {
            case Integer _ -> ValueLayout.JAVA_INT;
            case Long _ -> ValueLayout.JAVA_LONG;
            case Float _ -> ValueLayout.JAVA_FLOAT;
            case MemorySegment _ -> ValueLayout.ADDRESS;
            default -> throw new IllegalArgumentException("" + arguments[i]);
          };
    }
    try {
      // A handle takes long to make, and a network calls each function often.
      FunctionDescriptor descriptor = FunctionDescriptor.of(result.orElseThrow(), parameters);
      return handles
          .computeIfAbsent(function + descriptor, _ -> handle(function, descriptor))
          .invokeWithArguments(arguments);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void check(String function, int status) {
    if (status != 0) {
      throw new IllegalStateException(
          "oneDNN: %s failed with status %d (%s)"
              .formatted(
                  function,
                  status,
                  switch (status) { // dnnl_status_t
                    case 1 -> "out of memory";
                    case 2 -> "invalid arguments";
                    case 3 -> "not implemented";
                    case 5 -> "runtime error";
                    default -> "see dnnl_status_t";
                  }));
    }
  }
}

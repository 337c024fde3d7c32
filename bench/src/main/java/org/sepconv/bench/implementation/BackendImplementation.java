package org.sepconv.bench.implementation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;

/**
 * A Sepconv backend. What stands in brackets behind its id says how it is used:
 *
 * <pre>
 *   cpu                             tensors in NHWC
 *   cpu[nchw]                       tensors in NCHW
 *   cpu[nchw,arrays]                float[] in and out: copies, where it makes them, are part of a run
 *   cpu[cold]                       not warmed up while it is prepared
 *   cpu[kernels=scalar]             with a setting of the backend
 * </pre>
 *
 * @param device as {@link Backends#backend} takes it
 * @param arrays whether each run goes from {@code float[]} to {@code float[]}
 * @param cold whether preparing leaves the warming up to the runs
 * @param settings of the backend, without its prefix
 */
public record BackendImplementation(
    String device,
    Layout layout,
    boolean arrays,
    boolean cold,
    Map<String, String> settings,
    boolean peer)
    implements Implementation {

  private static final String ARRAYS = "arrays";
  private static final String COLD = "cold";

  public BackendImplementation {
    settings = new TreeMap<>(settings); // in one order, so that equal ones have equal names
  }

  /**
   * Parses what {@link #name} prints.
   *
   * @throws IllegalArgumentException if a word in the brackets is none of these
   */
  public static BackendImplementation parse(String name) {
    int bracket = name.indexOf('[');
    if (bracket < 0) {
      return new BackendImplementation(name, Layout.NHWC, false, false, Map.of(), false);
    }
    if (!name.endsWith("]")) {
      throw new IllegalArgumentException("'%s' has no closing bracket".formatted(name));
    }
    Layout layout = Layout.NHWC;
    boolean arrays = false;
    boolean cold = false;
    Map<String, String> settings = new TreeMap<>();
    for (String word : name.substring(bracket + 1, name.length() - 1).split(",")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        settings.put(word.substring(0, equals), word.substring(equals + 1));
      } else if (word.equals(ARRAYS)) {
        arrays = true;
      } else if (word.equals(COLD)) {
        cold = true;
      } else {
        layout = layout(name, word);
      }
    }
    return new BackendImplementation(
        name.substring(0, bracket), layout, arrays, cold, settings, false);
  }

  private static Layout layout(String name, String word) {
    for (Layout layout : Layout.values()) {
      if (layout.name().equalsIgnoreCase(word)) {
        return layout;
      }
    }
    throw new IllegalArgumentException(
        "'%s' in '%s' is none of: nhwc, nchw, arrays, cold, SETTING=VALUE".formatted(word, name));
  }

  /** The same backend with further settings; its own win. */
  public BackendImplementation withDefaults(Map<String, String> defaults) {
    Map<String, String> all = new TreeMap<>(defaults);
    all.putAll(settings);
    return new BackendImplementation(device, layout, arrays, cold, all, peer);
  }

  /** The same backend as something that others measure themselves against. */
  public BackendImplementation asPeer() {
    return new BackendImplementation(device, layout, arrays, cold, settings, true);
  }

  @Override
  public String name() {
    List<String> words = new ArrayList<>();
    if (layout != Layout.NHWC) {
      words.add(layout.name().toLowerCase(java.util.Locale.ROOT));
    }
    if (arrays) {
      words.add(ARRAYS);
    }
    if (cold) {
      words.add(COLD);
    }
    settings.forEach((key, value) -> words.add(key + "=" + value));
    return words.isEmpty() ? device : device + "[" + String.join(",", words) + "]";
  }

  @Override
  public Optional<String> unavailable() {
    try (Backends backends = discover(1)) {
      backends.backend(device);
      return Optional.empty();
    } catch (RuntimeException failure) {
      return Optional.of(String.valueOf(failure.getMessage()));
    }
  }

  /** The backends with the settings of this one. The caller closes them. */
  public Backends discover(int threads) {
    BackendOptions options =
        BackendOptions.defaults()
            .withThreads(threads)
            .withWarmUp(cold ? Duration.ZERO : BackendOptions.LONGEST_WARM_UP);
    String backend = device.split(":", 2)[0];
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      options = options.with(backend + "." + setting.getKey(), setting.getValue());
    }
    return Backends.discover(options);
  }

  @Override
  public PreparedLayer prepare(Workload work, int threads) {
    Problem problem = work.problem(layout);
    float[][] inputs = work.inputs(layout);
    Backends backends = discover(threads);
    try {
      Prepared prepared = backends.backend(device).prepare(problem, work.weights());
      return arrays
          ? new OnArrays(backends, prepared, inputs)
          : new OnTensors(backends, prepared, OwningRun.of(prepared, inputs));
    } catch (RuntimeException | Error failure) {
      backends.close();
      throw failure;
    }
  }

  private static float[] output(Prepared prepared) {
    return new float[prepared.problem().destination().shape().elements()];
  }

  /** The values of an output in N, C, H, W order. */
  private static float[] nchw(TensorSpec output, float[] values) {
    return output.layout().convert(output.shape(), values, Layout.NCHW);
  }

  private record OnTensors(Backends backends, Prepared prepared, OwningRun bound)
      implements PreparedLayer {

    @Override
    public String kernel() {
      return KernelNames.joined(List.of(prepared.kernel().split(" \\+ ")));
    }

    @Override
    public void run() {
      bound.run();
    }

    @Override
    public float[] output() {
      return outputs().getFirst();
    }

    @Override
    public List<float[]> outputs() {
      return bound.outputs().stream().map(output -> nchw(output.spec(), output.read())).toList();
    }

    @Override
    public void close() {
      try (backends;
          prepared;
          bound) {
        // Closed in the other order, whatever one of them throws.
      }
    }
  }

  private record OnArrays(Backends backends, Prepared prepared, float[][] inputs, float[] values)
      implements PreparedLayer {

    OnArrays(Backends backends, Prepared prepared, float[][] inputs) {
      this(backends, prepared, inputs, BackendImplementation.output(prepared));
    }

    @Override
    public String kernel() {
      return KernelNames.joined(List.of(prepared.kernel().split(" \\+ ")));
    }

    @Override
    public void run() {
      if (inputs.length == 1) {
        prepared.run(inputs[0], values);
      } else {
        prepared.run(inputs[0], inputs[1], values);
      }
    }

    @Override
    public float[] output() {
      return nchw(prepared.problem().destination(), values);
    }

    @Override
    public void close() {
      try (backends;
          prepared) {
        // Closed in the other order, whatever one of them throws.
      }
    }
  }
}

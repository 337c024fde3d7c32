package org.sepconv.select;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.sepconv.Conv2d;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.select.Selection.Verdict;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.FakeBackend;

/** Devices whose predicted and measured times a test sets, one backend each. */
final class Devices {

  /** 2,000 FLOPs: a device with a peak of 2e6 needs 1 ms in prediction. */
  static final Conv2d CONV = Conv2d.pointwise(10, 10).build();

  static final TensorSpec SPEC = TensorSpec.nchw(Shape.of(10, 2, 5));

  static final Problem PROBLEM = Problem.of(CONV, SPEC);

  final FakeTime time = new FakeTime();
  private final Map<String, FakeBackend> backends = new LinkedHashMap<>();
  private final Map<String, FakeProvider> providers = new LinkedHashMap<>();

  /** One more device, later in rank. */
  Devices add(String name, double predictedMilliseconds, double milliseconds) {
    return add(name, predictedMilliseconds, milliseconds, _ -> {});
  }

  Devices add(String name, double predicted, double milliseconds, Consumer<FakeBackend> change) {
    FakeProvider provider =
        new FakeProvider(name, providers.size(), name)
            .opening(
                device -> {
                  FakeBackend backend =
                      new FakeBackend(device.id(), 2.0 / predicted * 1e6)
                          .onRun(time.taking(milliseconds));
                  change.accept(backend);
                  backends.put(name, backend);
                  return backend;
                });
    return add(name, provider);
  }

  Devices add(String name, FakeProvider provider) {
    providers.put(name, provider);
    return this;
  }

  /** The one that was opened last under this name. */
  FakeBackend get(String name) {
    return backends.get(name);
  }

  /** The names of those that were opened, and of no others. */
  List<String> opened() {
    return List.copyOf(backends.keySet());
  }

  /** As a new process finds them. */
  Backends discover() {
    return discover(BackendOptions.defaults());
  }

  Backends discover(BackendOptions options) {
    backends.clear();
    List<ConvBackendProvider> all = new ArrayList<>(providers.values());
    return Backends.of(options, all, time);
  }

  /** A measured selection that keeps nothing. */
  Selection measure() {
    return discover().select(PROBLEM, uncached());
  }

  static SelectionOptions uncached() {
    return SelectionOptions.measured().withCache(SelectionCache.off());
  }

  static Verdict verdict(Selection selection, String id) {
    return selection.candidates().stream()
        .filter(candidate -> candidate.id().equals(id))
        .findFirst()
        .orElseThrow()
        .verdict();
  }
}

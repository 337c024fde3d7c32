package org.sepconv.cpu;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sepconv.machine.Processor;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Finding;

/**
 * The backend {@code cpu}: always available.
 *
 * <p>Settings: {@code cpu.kernels} = {@code auto} (vector kernels where the JVM has them and FMA),
 * {@code vector} or {@code scalar}; {@code cpu.vector-bits} = {@code 128}, {@code 256} or {@code
 * 512} instead of what the machine prefers; {@code cpu.tile} = {@code auto} (for each depth of a
 * matrix product what was measured on this machine, or what is good on most), {@code measured} (the
 * same, but measured now if it was not before, which takes about two seconds), {@code static} (what
 * is good on most), or a fixed one, as in {@code 6x4}, for every product; {@code cpu.cache} =
 * {@code auto} (the user's {@link org.sepconv.cache.CacheFolder}), {@code off}, or a folder for
 * what was measured; {@code cpu.fuse} = {@code auto}, {@code separable} (no two nodes of a graph),
 * {@code never} (a separable convolution stage by stage) or {@code always} (two nodes even where
 * that is not expected to be faster); {@code cpu.start} = {@code at-once} (until the JVM has
 * compiled the code that was made for an operation, which goes on in the background, general code
 * computes the same bits), {@code tuned} (that code from the first run on, which is a thousand
 * times slower until it is compiled: for measurements, which wait for it) or {@code auto} (at once,
 * where there is a budget to warm up).
 */
public final class CpuBackendProvider implements ConvBackendProvider {
  static final String NAME = "cpu";
  private static final Set<String> SETTINGS =
      Set.of("kernels", "vector-bits", "tile", "cache", "fuse", "start");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return 10;
  }

  @Override
  public Availability probe() {
    Processor processor = Processor.here();
    Map<String, String> properties = new LinkedHashMap<>();
    if (!processor.model().isEmpty()) {
      properties.put("model", processor.model());
    }
    if (!processor.vectors().isEmpty()) {
      properties.put("vectors", processor.vectors());
    }
    properties.put("processors", "" + Runtime.getRuntime().availableProcessors());
    properties.put("kernels", KernelSettings.describe());
    properties.put("heap", Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB");
    properties.put("jvm", System.getProperty("java.vm.name") + " " + Runtime.version());
    return new Availability.Available(List.of(new DeviceInfo(NAME, processor.name(), properties)));
  }

  @Override
  public List<Finding> diagnose() {
    return CpuDiagnosis.here().findings();
  }

  @Override
  public ConvBackend open(DeviceInfo device, BackendOptions options) {
    Map<String, String> settings = options.of(NAME, SETTINGS);
    Fusion fusion = Fusion.of(settings.getOrDefault("fuse", "auto"));
    return new CpuBackend(
        device, KernelSettings.of(settings, !options.warmUp().isZero()), fusion, options);
  }
}

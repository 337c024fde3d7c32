package org.sepconv.cpu;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;

/**
 * The backend {@code cpu}: always available.
 *
 * <p>Settings: {@code cpu.kernels} = {@code auto} (vector kernels where the JVM has them), {@code
 * vector} or {@code scalar}; {@code cpu.vector-bits} = {@code 128}, {@code 256} or {@code 512}
 * instead of what the machine prefers.
 */
public final class CpuBackendProvider implements ConvBackendProvider {
  static final String NAME = "cpu";
  private static final Set<String> SETTINGS = Set.of("kernels", "vector-bits");

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
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("processors", "" + Runtime.getRuntime().availableProcessors());
    properties.put("kernels", KernelFamily.describe());
    properties.put("heap", Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB");
    properties.put("jvm", System.getProperty("java.vm.name") + " " + Runtime.version());
    String name = System.getProperty("os.arch") + " processor";
    return new Availability.Available(List.of(new DeviceInfo(NAME, name, properties)));
  }

  @Override
  public ConvBackend open(DeviceInfo device, BackendOptions options) {
    Map<String, String> settings = options.of(NAME, SETTINGS);
    return new CpuBackend(device, KernelFamily.of(settings), options);
  }
}

package org.sepconv.opencl;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sepconv.cache.CacheFolder;
import org.sepconv.opencl.device.ClContext;
import org.sepconv.opencl.device.ClDevice;
import org.sepconv.opencl.device.JoclLibrary;
import org.sepconv.opencl.device.ProgramCache;
import org.sepconv.opencl.plan.Chooser;
import org.sepconv.opencl.plan.Tuner;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Finding;

/**
 * The backend {@code opencl}: every device of every OpenCL platform, GPUs first.
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>{@code opencl.kernels} = {@code auto} (by the type of the device), {@code cpu} or {@code
 *       gpu}
 *   <li>{@code opencl.tune} = {@code false}, or {@code true}: measures tile sizes where {@code
 *       prepare} meets a new shape, and keeps the answers on disk
 *   <li>{@code opencl.transfer} = {@code auto}, {@code map} (for memory that host and device share)
 *       or {@code copy}
 *   <li>{@code opencl.cache} = {@code auto} ({@code $SEPCONV_CACHE}, or {@code sepconv} in the
 *       user's cache folder), {@code off}, or a folder
 * </ul>
 *
 * <p>A CPU device uses {@link BackendOptions#threads} of its compute units, if it can be divided.
 */
public final class OpenClBackendProvider implements ConvBackendProvider {
  static final String NAME = "opencl";
  private static final Set<String> SETTINGS = Set.of("kernels", "tune", "transfer", "cache");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return 30;
  }

  @Override
  public Availability probe() {
    return Probe.here().availability();
  }

  @Override
  public List<Finding> diagnose() {
    Probe probe = Probe.here();
    if (probe instanceof Probe.Nothing(Probe.Cause cause, String reason, String remedy)
        && cause == Probe.Cause.NATIVE_ACCESS) {
      return List.of(Finding.failed("native access", reason, remedy));
    }
    return OpenClDiagnosis.here(probe).findings();
  }

  @Override
  public ConvBackend open(DeviceInfo info, BackendOptions options) {
    Map<String, String> settings = options.of(NAME, SETTINGS);
    Optional<Boolean> cpuKernels = choice(settings, "kernels", "cpu", "gpu");
    Optional<Boolean> map = choice(settings, "transfer", "map", "copy");
    boolean tune = choice(settings, "tune", "true", "false").orElse(false);
    Optional<Path> folder = CacheFolder.of(settings.getOrDefault("cache", "auto"));
    List<ClDevice> devices = devices(info);
    for (int number = 0; number < devices.size(); number++) {
      ClDevice device = devices.get(number);
      if (info.id().equals(id(number))) {
        ClContext context =
            ClContext.open(
                info.id(),
                device,
                options.threads(),
                map.orElse(device.unifiedMemory()),
                ProgramCache.onDisk(folder));
        return new OpenClBackend(
            info,
            context,
            cpuKernels.orElse(device.cpu()),
            family -> tune ? new Tuner(context, family.name()) : Chooser.FIRST);
      }
    }
    throw new BackendException(info.id(), "there is no such device any more");
  }

  private static List<ClDevice> devices(DeviceInfo info) {
    try {
      JoclLibrary.unpack();
    } catch (UncheckedIOException failure) {
      throw new BackendException(
          info.id(),
          "JOCL's native library cannot be unpacked to %s; set java.io.tmpdir to a folder of yours that can be written"
              .formatted(failure.getMessage()),
          failure);
    }
    return ClDevice.all();
  }

  /** Of the device with this number. */
  static String id(int number) {
    return NAME + ":" + number;
  }

  /** Whether a setting has the first of its two values; empty where it is {@code auto}. */
  private static Optional<Boolean> choice(
      Map<String, String> settings, String key, String first, String second) {
    String value = settings.getOrDefault(key, "auto");
    if (value.equals("auto")) {
      return Optional.empty();
    }
    if (!value.equals(first) && !value.equals(second)) {
      throw new IllegalArgumentException(
          "%s.%s is '%s', but must be auto, %s or %s".formatted(NAME, key, value, first, second));
    }
    return Optional.of(value.equals(first));
  }
}

package org.sepconv.djl;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Finding;

/**
 * The backend {@code djl}: PyTorch, through the Deep Java Library. It has no settings.
 *
 * <p>Probing looks at the class path only. The engine starts when a device is opened, which takes
 * about half a second, and some seconds the first time, when its natives are unpacked.
 *
 * <p>The device {@code djl} is the CPU. Where the natives are CUDA's, each GPU of the machine is
 * offered as well: {@code djl:gpu0}. On Linux the driver's files say how many there are; elsewhere
 * the first is offered, and opening it fails if the engine does not see it.
 */
public final class DjlBackendProvider implements ConvBackendProvider {
  static final String NAME = "djl";
  private static final Path LINUX_GPUS = Path.of("/proc/driver/nvidia/gpus");

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
    return switch (Natives.find(classes())) {
      case Natives.Missing(String reason, String remedy) ->
          new Availability.Unavailable(reason, remedy);
      case Natives natives -> new Availability.Available(devices(natives));
    };
  }

  @Override
  public List<Finding> diagnose() {
    return DjlDiagnosis.here(classes()).findings();
  }

  @Override
  public ConvBackend open(DeviceInfo device, BackendOptions options) {
    options.of(NAME, Set.of());
    return DjlBackend.open(device, Natives.find(classes()), options);
  }

  private static List<DeviceInfo> devices(Natives natives) {
    List<DeviceInfo> devices = new ArrayList<>();
    devices.add(device(NAME, "PyTorch on the CPU", natives));
    if (natives.cuda()) {
      int gpus = gpus();
      for (int i = 0; i < gpus; i++) {
        devices.add(device(NAME + ":gpu" + i, "PyTorch on CUDA GPU " + i, natives));
      }
    }
    return devices;
  }

  private static DeviceInfo device(String id, String name, Natives natives) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("natives", natives.toString());
    properties.put("engine start", "when opened");
    return new DeviceInfo(id, name, properties);
  }

  private static int gpus() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return 1;
    }
    if (!Files.isDirectory(LINUX_GPUS)) {
      return 0;
    }
    int count = 0;
    try (DirectoryStream<Path> gpus = Files.newDirectoryStream(LINUX_GPUS)) {
      for (Path _ : gpus) {
        count++;
      }
    } catch (IOException unreadable) {
      return 0;
    }
    return count;
  }

  /** As DJL does; not PyTorch.classes(), so that probing initialises no class that needs DJL. */
  private static ClassLoader classes() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context != null ? context : DjlBackendProvider.class.getClassLoader();
  }
}

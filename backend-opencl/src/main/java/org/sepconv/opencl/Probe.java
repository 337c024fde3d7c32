package org.sepconv.opencl;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.sepconv.opencl.device.ClDevice;
import org.sepconv.opencl.device.JoclLibrary;
import org.sepconv.opencl.device.OpenClLibrary;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.DeviceInfo;

/** What looking for devices found. */
sealed interface Probe {

  /** Never empty. */
  record Found(List<DeviceInfo> devices) implements Probe {}

  /**
   * No device.
   *
   * @param reason what is missing, in words
   * @param remedy what the user can do about it
   */
  record Nothing(Cause cause, String reason, String remedy) implements Probe {
    static final Nothing NO_LIBRARY =
        new Nothing(
            Cause.NOT_INSTALLED,
            "there is no OpenCL library (libOpenCL)",
            "install an OpenCL loader: on Debian and Ubuntu, apt-get install ocl-icd-libopencl1");

    static final Nothing NO_DEVICE =
        new Nothing(
            Cause.NOT_INSTALLED,
            "the OpenCL library finds no platform with a device",
            "install the OpenCL driver of your GPU, or for the CPU, on Debian and Ubuntu, apt-get install pocl-opencl-icd");
  }

  /** Why there is no device. */
  enum Cause {
    /** Java may not load native code: no more can be asked. */
    NATIVE_ACCESS,
    /** A loader or a driver is not there; who does not want OpenCL need not have it. */
    NOT_INSTALLED,
    /** What is installed fails. */
    BROKEN
  }

  /** Looks for devices. */
  static Probe here() {
    try {
      if (!OpenClLibrary.isPresent()) {
        return Nothing.NO_LIBRARY;
      }
      JoclLibrary.unpack();
      List<ClDevice> devices = ClDevice.all();
      if (devices.isEmpty()) {
        return Nothing.NO_DEVICE;
      }
      List<DeviceInfo> infos = new ArrayList<>();
      for (ClDevice device : devices) {
        infos.add(device.info(OpenClBackendProvider.id(infos.size())));
      }
      return new Found(infos);
    } catch (IllegalCallerException _) {
      return new Nothing(
          Cause.NATIVE_ACCESS,
          "java denies it native code",
          "start java with --enable-native-access=ALL-UNNAMED");
    } catch (UncheckedIOException failure) {
      return new Nothing(
          Cause.BROKEN,
          "JOCL's native library cannot be unpacked to " + failure.getMessage(),
          "set java.io.tmpdir to a folder of yours that can be written");
    } catch (LinkageError failure) {
      if (String.valueOf(failure.getMessage()).contains("loaded in another classloader")) {
        return new Nothing(
            Cause.BROKEN,
            "JOCL's native library belongs to another class loader of this JVM",
            "put sepconv-backend-opencl and jocl where all applications share them, such as the"
                + " server's own libraries, or start the JVM again");
      }
      return new Nothing(
          Cause.BROKEN,
          "JOCL has no native library that loads here: " + failure.getMessage(),
          "use Linux x86_64 or arm64, macOS or Windows x86_64, with a writable java.io.tmpdir");
    } catch (BackendException failure) {
      return new Nothing(
          Cause.BROKEN,
          "the OpenCL driver fails: " + failure.getMessage(),
          "run clinfo, and repair the driver");
    }
  }

  /** The same, as every backend says it. */
  default Availability availability() {
    return switch (this) {
      case Found(List<DeviceInfo> devices) -> new Availability.Available(devices);
      case Nothing(_, String reason, String remedy) -> new Availability.Unavailable(reason, remedy);
    };
  }
}

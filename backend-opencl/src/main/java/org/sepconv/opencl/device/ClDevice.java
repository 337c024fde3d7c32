package org.sepconv.opencl.device;

import static org.jocl.CL.*;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.DeviceInfo;

/**
 * A device of any platform, and what it says of itself.
 *
 * @param clock MHz; 0 where the driver does not say
 * @param memory bytes
 * @param largestBuffer bytes
 * @param localMemory bytes for each work-group
 * @param unifiedMemory whether host and device share memory
 * @param alignment bytes of which the beginning of a part of a buffer is a multiple
 * @param vectorWidth float32 values in a vector register
 * @param exactDivision whether programs can ask for correctly rounded division
 */
public record ClDevice(
    cl_device_id id,
    String name,
    String platform,
    String version,
    String driver,
    boolean cpu,
    boolean gpu,
    int computeUnits,
    int clock,
    long memory,
    long largestBuffer,
    long localMemory,
    int largestGroup,
    boolean unifiedMemory,
    long alignment,
    int vectorWidth,
    boolean exactDivision,
    Set<String> extensions) {

  /** CL_DEVICE_NOT_FOUND of a platform without devices, CL_PLATFORM_NOT_FOUND_KHR of a loader. */
  private static final int PLATFORM_NOT_FOUND = -1001;

  private static final long CORRECTLY_ROUNDED_DIVIDE = 1 << 7;

  /** Whom a failure of the loader names, before there is a device. */
  private static final String BACKEND = "opencl";

  /**
   * Every device that can compile programs, GPUs first, then in the order of the platforms.
   *
   * @throws BackendException if the OpenCL loader fails, or a platform does and there is no other
   *     with a device
   */
  public static List<ClDevice> all() {
    try {
      return find();
    } finally {
      SignalHandlers.giveBack();
    }
  }

  private static List<ClDevice> find() {
    int[] count = new int[1];
    int status = clGetPlatformIDs(0, null, count);
    if (status == PLATFORM_NOT_FOUND || (status == CL_SUCCESS && count[0] == 0)) {
      return List.of();
    }
    ClError.check(BACKEND, "clGetPlatformIDs", status);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    ClError.check(BACKEND, "clGetPlatformIDs", clGetPlatformIDs(platforms.length, platforms, null));
    List<ClDevice> devices = new ArrayList<>();
    List<BackendException> failures = new ArrayList<>();
    for (cl_platform_id platform : platforms) {
      for (cl_device_id device : devices(platform, failures)) {
        if (number(device, CL_DEVICE_AVAILABLE) != 0
            && number(device, CL_DEVICE_COMPILER_AVAILABLE) != 0
            && number(device, CL_DEVICE_ENDIAN_LITTLE) != 0) {
          devices.add(describe(platform, device));
        }
      }
    }
    if (devices.isEmpty() && !failures.isEmpty()) {
      throw failures.getFirst();
    }
    devices.sort(Comparator.comparing(device -> !device.gpu)); // stable
    return devices;
  }

  /** One broken platform must not hide the others: what is wrong with it comes to the failures. */
  private static cl_device_id[] devices(cl_platform_id platform, List<BackendException> failures) {
    int[] count = new int[1];
    int status = clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, count);
    cl_device_id[] devices = new cl_device_id[count[0]];
    if (status == CL_SUCCESS) {
      status = clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, devices.length, devices, null);
    }
    if (status == CL_SUCCESS) {
      return devices;
    }
    if (status != CL_DEVICE_NOT_FOUND) {
      failures.add(
          ClError.exception(BACKEND, "clGetDeviceIDs of " + platformName(platform), status));
    }
    return new cl_device_id[0];
  }

  @SuppressWarnings("deprecation") // of unified memory: OpenCL 2.0 has no successor that 1.2 knows
  private static ClDevice describe(cl_platform_id platform, cl_device_id device) {
    long type = number(device, CL_DEVICE_TYPE);
    long config = number(device, CL_DEVICE_SINGLE_FP_CONFIG);
    return new ClDevice(
        device,
        text(device, CL_DEVICE_NAME),
        platformName(platform),
        text(device, CL_DEVICE_VERSION),
        text(device, CL_DRIVER_VERSION),
        (type & CL_DEVICE_TYPE_CPU) != 0,
        (type & CL_DEVICE_TYPE_GPU) != 0,
        (int) number(device, CL_DEVICE_MAX_COMPUTE_UNITS),
        (int) number(device, CL_DEVICE_MAX_CLOCK_FREQUENCY),
        number(device, CL_DEVICE_GLOBAL_MEM_SIZE),
        number(device, CL_DEVICE_MAX_MEM_ALLOC_SIZE),
        number(device, CL_DEVICE_LOCAL_MEM_SIZE),
        (int) number(device, CL_DEVICE_MAX_WORK_GROUP_SIZE),
        number(device, CL_DEVICE_HOST_UNIFIED_MEMORY) != 0,
        // In bits; core lays parts at multiples of 64 bytes.
        Math.max(64, (number(device, CL_DEVICE_MEM_BASE_ADDR_ALIGN) & 0xffffffffL) / 8),
        Math.clamp(number(device, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT), 1, 16),
        (config & CORRECTLY_ROUNDED_DIVIDE) != 0,
        Set.copyOf(Arrays.asList(text(device, CL_DEVICE_EXTENSIONS).split(" +"))));
  }

  private static String platformName(cl_platform_id platform) {
    long[] size = new long[1];
    if (clGetPlatformInfo(platform, CL_PLATFORM_NAME, 0, null, size) != CL_SUCCESS) {
      return "unknown";
    }
    byte[] bytes = new byte[(int) size[0]];
    clGetPlatformInfo(platform, CL_PLATFORM_NAME, size[0], Pointer.to(bytes), null);
    return text(bytes);
  }

  private static String text(cl_device_id device, int property) {
    long[] size = new long[1];
    if (clGetDeviceInfo(device, property, 0, null, size) != CL_SUCCESS) {
      return "unknown";
    }
    byte[] bytes = new byte[(int) size[0]];
    clGetDeviceInfo(device, property, size[0], Pointer.to(bytes), null);
    return text(bytes);
  }

  private static String text(byte[] terminated) {
    return new String(terminated, StandardCharsets.UTF_8).replace("\0", "").strip();
  }

  /** An integer property of 4 or 8 bytes (little-endian, as every host of a JVM with OpenCL). */
  private static long number(cl_device_id device, int property) {
    long[] value = new long[1];
    clGetDeviceInfo(device, property, Long.BYTES, Pointer.to(value), null);
    return value[0];
  }

  /** What a user sees of the device with this id. */
  public DeviceInfo info(String deviceId) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("type", cpu ? "CPU" : gpu ? "GPU" : "accelerator");
    properties.put("platform", platform);
    properties.put("version", version);
    properties.put("driver", driver);
    properties.put("compute units", "" + computeUnits);
    properties.put("clock", clock + " MHz");
    properties.put("memory", (memory >> 20) + " MiB" + (unifiedMemory ? ", shared with host" : ""));
    properties.put("largest buffer", (largestBuffer >> 20) + " MiB");
    properties.put("local memory", (localMemory >> 10) + " KiB");
    properties.put("largest work-group", "" + largestGroup);
    properties.put("extensions", String.join(" ", extensions.stream().sorted().toList()));
    return new DeviceInfo(deviceId, name, properties);
  }

  /** Whatever changes how programs are compiled: part of the key of every cache entry. */
  public String fingerprint() {
    return String.join("\n", platform, name, version, driver, "" + computeUnits);
  }
}

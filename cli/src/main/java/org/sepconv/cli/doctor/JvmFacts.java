package org.sepconv.cli.doctor;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How this JVM was started, as far as Sepconv cares.
 *
 * @param feature its feature release, 25
 * @param version its version and vendor
 * @param home where it lies
 * @param mode {@code mixed mode}, or what else {@code java -version} says
 * @param options HotSpot's own options by name; one that this JVM does not have is not there
 * @param arguments the options that it was given
 * @param vectorModule whether the module of the Vector API is resolved
 * @param nativeAccess whether this class may call native code
 * @param environment the environment variables
 */
public record JvmFacts(
    int feature,
    String version,
    String home,
    String mode,
    Map<String, String> options,
    List<String> arguments,
    boolean vectorModule,
    boolean nativeAccess,
    Map<String, String> environment) {

  private static final List<String> OPTIONS =
      List.of(
          "UseAVX",
          "UseFMA",
          "MaxVectorSize",
          "TieredStopAtLevel",
          "ActiveProcessorCount",
          "UseTransparentHugePages");

  /** Of this process. To be called before native code is, which may change the answers. */
  public static JvmFacts here() {
    return new JvmFacts(
        Runtime.version().feature(),
        Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
        System.getProperty("java.home"),
        System.getProperty("java.vm.info", ""),
        hotspotOptions(),
        ManagementFactory.getRuntimeMXBean().getInputArguments(),
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
        JvmFacts.class.getModule().isNativeAccessEnabled(),
        System.getenv());
  }

  private static Map<String, String> hotspotOptions() {
    Map<String, String> found = new TreeMap<>();
    var hotspot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (hotspot == null) {
      return found; // another JVM
    }
    for (String name : OPTIONS) {
      try {
        found.put(name, hotspot.getVMOption(name).getValue());
      } catch (IllegalArgumentException _) {
        // This JVM has no such option: UseAVX is of x86 alone.
      }
    }
    return found;
  }

  /** An option's value, where this JVM has it. */
  Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /** The same as a number. */
  Optional<Integer> number(String name) {
    return option(name).map(Integer::valueOf);
  }
}

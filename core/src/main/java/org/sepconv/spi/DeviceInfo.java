package org.sepconv.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A device that a backend can open.
 *
 * @param id what a user types: the backend's name ({@code cpu}), or with several devices the name
 *     and a suffix ({@code opencl:0})
 * @param name what the device calls itself
 * @param properties facts for a person to read, in a sensible order: threads, memory, driver, ...;
 *     what changes from one start to the next is named {@code heap}, {@code clock} or {@code engine
 *     start}
 */
public record DeviceInfo(String id, String name, Map<String, String> properties) {

  private static final Set<String> VOLATILE = Set.of("heap", "clock", "engine start");

  public DeviceInfo {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(properties, "properties");
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  /**
   * What tells this device, its driver and its settings from others, on one line: part of the key
   * of whatever is measured on it and kept. Leaves out {@code heap}, {@code clock} and {@code
   * engine start}, which change from one start to the next.
   */
  public String fingerprint() {
    Map<String, String> lasting = new TreeMap<>(properties);
    lasting.keySet().removeAll(VOLATILE);
    return (id + " (" + name + ") " + lasting).replaceAll("\\s+", " ");
  }
}

package org.sepconv.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A device that a backend can open.
 *
 * @param id what a user types: the backend's name ({@code cpu}), or with several devices the name
 *     and a suffix ({@code opencl:0})
 * @param name what the device calls itself
 * @param properties facts for a person to read, in a sensible order: threads, memory, driver, ...
 */
public record DeviceInfo(String id, String name, Map<String, String> properties) {
  public DeviceInfo {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(properties, "properties");
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }
}

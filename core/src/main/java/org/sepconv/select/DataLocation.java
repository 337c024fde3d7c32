package org.sepconv.select;

import java.util.Objects;

/**
 * Where the input of a convolution lies, and its output is wanted. What must be moved from there to
 * the device that runs it, and back, counts as part of its time.
 */
public sealed interface DataLocation {

  /** On the chosen device, whichever that is: nothing is moved, as within a chain of operations. */
  record WhereItRuns() implements DataLocation {
    @Override
    public String toString() {
      return "where it runs";
    }
  }

  /** In arrays of the host. */
  record Host() implements DataLocation {
    @Override
    public String toString() {
      return "host";
    }
  }

  /**
   * In a tensor of one device: any other one gets it by way of the host.
   *
   * @param name as {@link Backends#backend(String)} takes it
   */
  record Device(String name) implements DataLocation {
    public Device {
      Objects.requireNonNull(name, "name");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static DataLocation whereItRuns() {
    return new WhereItRuns();
  }

  static DataLocation host() {
    return new Host();
  }

  /** {@link Device} of this name. */
  static DataLocation device(String name) {
    return new Device(name);
  }
}

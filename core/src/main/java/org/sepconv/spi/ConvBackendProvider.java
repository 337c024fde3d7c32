package org.sepconv.spi;

import java.util.List;

/**
 * What {@link java.util.ServiceLoader} finds of a backend. Constructing it loads nothing native and
 * cannot fail; it needs a public constructor without parameters and a line in {@code
 * META-INF/services/org.sepconv.spi.ConvBackendProvider}.
 */
public interface ConvBackendProvider {

  /** What a user types: lower case, for instance {@code cpu}. */
  String name();

  /** Where the backend stands in lists, lowest first, and who wins where predictions are equal. */
  int rank();

  /**
   * Whether the backend is offered to those who name it and to nobody else: it is in no list, and
   * never selected.
   */
  default boolean onlyByName() {
    return false;
  }

  /**
   * Looks for devices. Cheap, repeatable, and silent: what is missing goes into the answer, not to
   * the console. Whatever it throws is taken as unavailable, with the error as the reason.
   */
  Availability probe();

  /**
   * Looks closer than {@link #probe()}: every precondition of the backend, whether it holds, and
   * what puts it right. May take a second, but opens no device and prints nothing. What is missing
   * although the user need not want it is a warning; what is there and broken has failed.
   */
  default List<Finding> diagnose() {
    return Finding.of(probe());
  }

  /**
   * Opens a device that {@link #probe()} found. The caller closes it.
   *
   * @throws IllegalArgumentException if a setting in {@code options} is wrong
   * @throws BackendException if the device does not open
   */
  ConvBackend open(DeviceInfo device, BackendOptions options);
}

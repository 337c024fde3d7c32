package org.sepconv.spi;

/** Anything that a device, a driver or an engine does wrong, or refuses. */
public final class BackendException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String device;

  /**
   * @param device the id of the device, or the backend's name where none was opened
   * @param message what happened, with the native code where there is one, and the way out
   */
  public BackendException(String device, String message) {
    super(device + ": " + message);
    this.device = device;
  }

  /** The same with the error that caused it. */
  public BackendException(String device, String message, Throwable cause) {
    super(device + ": " + message, cause);
    this.device = device;
  }

  /** The id of the device that failed. */
  public String device() {
    return device;
  }
}

package org.sepconv.opencl.device;

import org.jocl.CL;
import org.sepconv.spi.BackendException;

/** Turns the status of an OpenCL call into an exception that names the call and the status. */
public final class ClError {
  private ClError() {}

  /**
   * Throws what a call failed with.
   *
   * @param device for the message
   * @param call what was called, and for what
   * @param status what it returned
   * @throws BackendException unless the status is {@code CL_SUCCESS}
   */
  public static void check(String device, String call, int status) {
    if (status != CL.CL_SUCCESS) {
      throw exception(device, call, status);
    }
  }

  /** The same; what the call was for is put into words only where it failed. */
  public static void check(String device, String call, Object what, int status) {
    if (status != CL.CL_SUCCESS) {
      throw exception(device, call + " of " + what, status);
    }
  }

  static BackendException exception(String device, String call, int status) {
    return new BackendException(
        device,
        "%s failed: %s (%d)%s"
            .formatted(call, CL.stringFor_errorCode(status), status, way(status)));
  }

  /** What a user can do about it, where there is something. */
  private static String way(int status) {
    return switch (status) {
      case CL.CL_MEM_OBJECT_ALLOCATION_FAILURE,
          CL.CL_OUT_OF_RESOURCES,
          CL.CL_OUT_OF_HOST_MEMORY,
          CL.CL_INVALID_BUFFER_SIZE ->
          "; the device may be out of memory: close tensors, or split the batch";
      case CL.CL_DEVICE_NOT_AVAILABLE -> "; the device was lost: open the backend again";
      default -> "";
    };
  }
}

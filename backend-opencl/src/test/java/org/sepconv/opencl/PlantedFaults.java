package org.sepconv.opencl;

import static org.jocl.CL.*;

import java.util.Optional;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;
import org.sepconv.opencl.device.ClContext;
import org.sepconv.opencl.device.ClDevice;
import org.sepconv.opencl.device.ProgramCache;

/** Kernels with faults on purpose, to see that they are found. The argument names the kernel. */
final class PlantedFaults {
  private static final String SOURCE =
      """
      __kernel void race(__global float* p) {
        p[0] = (float)get_global_id(0);
      }
      __kernel void bounds(__global float* p) {
        p[4096 + get_global_id(0)] = 1.0f;
      }
      __kernel void divergence(__global float* p) {
        if (get_local_id(0) == 0) {
          barrier(CLK_LOCAL_MEM_FENCE);
        }
        p[get_global_id(0)] = 1.0f;
      }
      __kernel void none(__global float* p) {
        p[get_global_id(0)] = 1.0f;
      }
      """;

  private PlantedFaults() {}

  public static void main(String[] arguments) {
    ClDevice device = ClDevice.all().getFirst();
    try (ClContext context =
        ClContext.open("opencl:0", device, 99, false, ProgramCache.onDisk(Optional.empty()))) {
      cl_mem buffer = context.allocate(64, "four vectors");
      cl_program program = context.programs().compile("planted", SOURCE, "-cl-std=CL1.2");
      cl_kernel kernel = context.kernel(program, arguments[0]);
      clSetKernelArg(kernel, 0, Sizeof.cl_mem, Pointer.to(buffer));
      cl_event event = new cl_event();
      long[] items = {4};
      clEnqueueNDRangeKernel(context.queue(), kernel, 1, null, items, items, 0, null, event);
      clWaitForEvents(1, new cl_event[] {event});
      clReleaseEvent(event);
      clReleaseKernel(kernel);
      clReleaseProgram(program);
      context.free(buffer);
    }
  }
}

package org.sepconv.opencl.device;

import static org.jocl.CL.*;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_mem;

/**
 * For devices with memory of their own: chunk by chunk through a buffer of pinned host memory, from
 * where they copy at full speed. Never from a Java array directly, which the garbage collector
 * moves. A device that shares the host's memory has no use for pinning.
 */
final class StagedTransfers implements Transfers {
  private static final int CHUNK = 8 << 20;

  private final String device;
  private final cl_command_queue queue;
  private final Optional<cl_mem> pinned;
  private final ByteBuffer stage;

  private StagedTransfers(
      String device, cl_command_queue queue, Optional<cl_mem> pinned, ByteBuffer stage) {
    this.device = device;
    this.queue = queue;
    this.pinned = pinned;
    this.stage = stage;
  }

  static StagedTransfers plain(String device, cl_command_queue queue) {
    return new StagedTransfers(device, queue, Optional.empty(), ByteBuffer.allocateDirect(CHUNK));
  }

  static StagedTransfers pinned(String device, cl_context context, cl_command_queue queue) {
    int[] error = new int[1];
    long flags = CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR;
    cl_mem staging = clCreateBuffer(context, flags, CHUNK, null, error);
    ClError.check(device, "clCreateBuffer of pinned memory", error[0]);
    long access = CL_MAP_READ | CL_MAP_WRITE;
    ByteBuffer mapped =
        clEnqueueMapBuffer(queue, staging, true, access, 0, CHUNK, 0, null, null, error);
    if (error[0] != CL_SUCCESS) {
      clReleaseMemObject(staging);
      throw ClError.exception(device, "clEnqueueMapBuffer of pinned memory", error[0]);
    }
    return new StagedTransfers(device, queue, Optional.of(staging), mapped);
  }

  @Override
  public long bufferFlags() {
    return 0;
  }

  @Override
  public synchronized void upload(MemorySegment source, cl_mem target) {
    MemorySegment chunk = MemorySegment.ofBuffer(stage);
    for (long offset = 0; offset < source.byteSize(); offset += CHUNK) {
      long size = Math.min(CHUNK, source.byteSize() - offset);
      MemorySegment.copy(source, offset, chunk, 0, size);
      ClError.check(
          device,
          "clEnqueueWriteBuffer",
          size,
          clEnqueueWriteBuffer(
              queue, target, true, offset, size, Pointer.to(stage), 0, null, null));
    }
  }

  @Override
  public synchronized void download(cl_mem source, MemorySegment target) {
    MemorySegment chunk = MemorySegment.ofBuffer(stage);
    for (long offset = 0; offset < target.byteSize(); offset += CHUNK) {
      long size = Math.min(CHUNK, target.byteSize() - offset);
      ClError.check(
          device,
          "clEnqueueReadBuffer",
          size,
          clEnqueueReadBuffer(queue, source, true, offset, size, Pointer.to(stage), 0, null, null));
      MemorySegment.copy(chunk, 0, target, offset, size);
    }
  }

  @Override
  public void close() {
    if (pinned.isPresent()) {
      clEnqueueUnmapMemObject(queue, pinned.get(), stage, 0, null, null);
      clFinish(queue);
      clReleaseMemObject(pinned.get());
    }
  }
}

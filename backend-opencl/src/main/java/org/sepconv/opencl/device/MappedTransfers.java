package org.sepconv.opencl.device;

import static org.jocl.CL.*;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jocl.cl_command_queue;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/**
 * For memory that host and device share: a mapped buffer is the buffer itself, so one copy is all.
 */
final class MappedTransfers implements Transfers {

  /** Bytes that are mapped at once: a byte buffer has less than 2 GiB. */
  private static final long CHUNK = 1 << 30;

  private final String device;
  private final cl_command_queue queue;

  MappedTransfers(String device, cl_command_queue queue) {
    this.device = device;
    this.queue = queue;
  }

  @Override
  public long bufferFlags() {
    return CL_MEM_ALLOC_HOST_PTR;
  }

  @Override
  public void upload(MemorySegment source, cl_mem target) {
    for (long offset = 0; offset < source.byteSize(); offset += CHUNK) {
      long size = Math.min(CHUNK, source.byteSize() - offset);
      ByteBuffer mapped = map(target, CL_MAP_WRITE_INVALIDATE_REGION, offset, size);
      // Bytes are copied as they are: the byte order of the mapped buffer does not matter.
      MemorySegment.ofBuffer(mapped).copyFrom(source.asSlice(offset, size));
      unmap(target, mapped);
    }
  }

  @Override
  public void download(cl_mem source, MemorySegment target) {
    for (long offset = 0; offset < target.byteSize(); offset += CHUNK) {
      long size = Math.min(CHUNK, target.byteSize() - offset);
      ByteBuffer mapped = map(source, CL_MAP_READ, offset, size);
      target.asSlice(offset, size).copyFrom(MemorySegment.ofBuffer(mapped));
      unmap(source, mapped);
    }
  }

  private ByteBuffer map(cl_mem buffer, long flags, long offset, long size) {
    int[] error = new int[1];
    ByteBuffer mapped =
        clEnqueueMapBuffer(queue, buffer, true, flags, offset, size, 0, null, null, error);
    ClError.check(device, "clEnqueueMapBuffer", size, error[0]);
    return mapped;
  }

  private void unmap(cl_mem buffer, ByteBuffer mapped) {
    cl_event done = new cl_event();
    ClError.check(
        device,
        "clEnqueueUnmapMemObject",
        clEnqueueUnmapMemObject(queue, buffer, mapped, 0, null, done));
    try {
      ClError.check(device, "unmapping", clWaitForEvents(1, new cl_event[] {done}));
    } finally {
      clReleaseEvent(done);
    }
  }

  @Override
  public void close() {
    // Nothing is kept.
  }
}

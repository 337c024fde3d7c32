package org.sepconv.opencl.device;

import java.lang.foreign.MemorySegment;
import org.jocl.cl_mem;

/** How values move between the host and buffers. Thread-safe. */
interface Transfers extends AutoCloseable {

  /** Flags of the buffers that move this way. */
  long bufferFlags();

  /** Copies all of {@code source} to the start of the buffer; returns when that is done. */
  void upload(MemorySegment source, cl_mem target);

  /** Copies the start of the buffer into all of {@code target}. */
  void download(cl_mem source, MemorySegment target);

  @Override
  void close();
}

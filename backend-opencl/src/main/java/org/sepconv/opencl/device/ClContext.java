package org.sepconv.opencl.device;

import static org.jocl.CL.*;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.jocl.Pointer;
import org.jocl.cl_buffer_region;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_device_partition_property;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;
import org.sepconv.cache.DiskCache;
import org.sepconv.spi.BackendException;

/** An opened device: context, queue, programs and memory. Thread-safe. */
public final class ClContext implements AutoCloseable {

  /** Bytes after the end of every buffer that kernels may read: one vector of 16 values. */
  private static final long SLACK = 64;

  private final String name;
  private final ClDevice device;
  private final cl_device_id id;
  private final boolean divided;
  private final int computeUnits;
  private final cl_context context;
  private final cl_command_queue queue;
  private final ProgramCache programs;
  private final DiskCache disk;
  private final Transfers transfers;
  private final AtomicLong waits = new AtomicLong();
  private final AtomicLong bytesMoved = new AtomicLong();

  private ClContext(
      String name, ClDevice device, cl_device_id id, int units, boolean map, DiskCache disk) {
    this.name = name;
    this.device = device;
    this.id = id;
    this.divided = id != device.id();
    this.computeUnits = units;
    this.disk = disk;
    int[] error = new int[1];
    this.context = clCreateContext(null, 1, new cl_device_id[] {id}, null, null, error);
    ClError.check(name, "clCreateContext", error[0]);
    this.queue = createQueue(context, id, error);
    if (error[0] != CL_SUCCESS) {
      clReleaseContext(context);
      throw ClError.exception(name, "clCreateCommandQueue", error[0]);
    }
    try {
      this.programs = new ProgramCache(name, context, id, device, disk);
      this.transfers =
          map
              ? new MappedTransfers(name, queue)
              : device.unifiedMemory() || device.cpu() // neither has a use for pinned memory
                  ? StagedTransfers.plain(name, queue)
                  : StagedTransfers.pinned(name, context, queue);
    } catch (RuntimeException | Error failure) {
      clReleaseCommandQueue(queue);
      clReleaseContext(context);
      throw failure;
    }
  }

  /** In order, so that a run needs no events between its launches. */
  @SuppressWarnings("deprecation") // its successor is of OpenCL 2.0
  private static cl_command_queue createQueue(cl_context context, cl_device_id id, int[] error) {
    return clCreateCommandQueue(context, id, CL_QUEUE_PROFILING_ENABLE, error);
  }

  /**
   * Opens a device.
   *
   * @param name its id, for messages
   * @param threads compute units that a CPU device may use
   * @param map whether transfers map buffers into the host's memory
   */
  public static ClContext open(
      String name, ClDevice device, int threads, boolean map, DiskCache disk) {
    if (device.cpu() && threads < device.computeUnits()) {
      cl_device_partition_property partition = new cl_device_partition_property();
      partition.addProperty(CL_DEVICE_PARTITION_BY_COUNTS, threads);
      partition.addProperty(CL_DEVICE_PARTITION_BY_COUNTS_LIST_END, 0);
      cl_device_id[] part = new cl_device_id[1];
      int[] count = new int[1];
      int status = clCreateSubDevices(device.id(), partition, 1, part, count);
      if (status == CL_SUCCESS && count[0] == 1) {
        try {
          return new ClContext(name, device, part[0], threads, map, disk);
        } catch (RuntimeException | Error failure) {
          clReleaseDevice(part[0]);
          throw failure;
        }
      }
    }
    return new ClContext(name, device, device.id(), device.computeUnits(), map, disk);
  }

  public String name() {
    return name;
  }

  public ClDevice device() {
    return device;
  }

  /** Those that are used. */
  public int computeUnits() {
    return computeUnits;
  }

  public cl_command_queue queue() {
    return queue;
  }

  public ProgramCache programs() {
    return programs;
  }

  public DiskCache disk() {
    return disk;
  }

  /** A buffer of zeros, which the caller gives to {@link #free}. */
  public cl_mem allocate(long bytes, String what) {
    if (!fits(bytes)) {
      throw new BackendException(
          name,
          "%s needs a buffer of %d MiB, but the device's largest has %d; split the batch"
              .formatted(what, bytes >> 20, device.largestBuffer() >> 20));
    }
    int[] error = new int[1];
    long flags = CL_MEM_READ_WRITE | transfers.bufferFlags();
    cl_mem buffer = clCreateBuffer(context, flags, bytes + SLACK, null, error);
    ClError.check(name, "clCreateBuffer", what, error[0]);
    try {
      // Many drivers allocate at the first use only: here is where memory runs out.
      cl_event filled = new cl_event();
      ClError.check(
          name,
          "clEnqueueFillBuffer",
          what,
          clEnqueueFillBuffer(
              queue, buffer, Pointer.to(new float[1]), 4, 0, bytes + SLACK, 0, null, filled));
      try {
        ClError.check(name, "clearing", what, clWaitForEvents(1, new cl_event[] {filled}));
      } finally {
        clReleaseEvent(filled);
      }
      return buffer;
    } catch (RuntimeException | Error failure) {
      clReleaseMemObject(buffer);
      throw failure;
    }
  }

  /**
   * A part of a buffer as a buffer of its own, which the caller gives to {@link #free}; the memory
   * stays as long as one part of it does.
   *
   * @param offset a multiple of {@link ClDevice#alignment}
   * @param bytes that may be used, and more behind them may be read, as of {@link #allocate}
   */
  public cl_mem part(cl_mem buffer, long offset, long bytes, String what) {
    int[] error = new int[1];
    cl_buffer_region region = new cl_buffer_region(offset, bytes + SLACK);
    cl_mem part = clCreateSubBuffer(buffer, 0, CL_BUFFER_CREATE_TYPE_REGION, region, error);
    ClError.check(name, "clCreateSubBuffer", what, error[0]);
    return part;
  }

  /** What a part takes of a buffer that has others behind it. */
  public long partBytes(long bytes) {
    return Math.ceilDiv(bytes + SLACK, device.alignment()) * device.alignment();
  }

  /** Whether there can be a buffer of this size. */
  public boolean fits(long bytes) {
    return bytes + SLACK <= device.largestBuffer();
  }

  /** Waits for what a queue in order has to do up to this event; the caller releases it. */
  public void await(cl_event event, String what) {
    waits.incrementAndGet();
    ClError.check(name, "running", what, clWaitForEvents(1, new cl_event[] {event}));
  }

  /** How often something was waited for, transfers and allocations not counted. */
  public long waits() {
    return waits.get();
  }

  /** How many bytes were moved between host and device, either way. */
  public long bytesMoved() {
    return bytesMoved.get();
  }

  public void free(cl_mem buffer) {
    clReleaseMemObject(buffer);
  }

  public void upload(MemorySegment source, cl_mem target) {
    bytesMoved.addAndGet(source.byteSize());
    transfers.upload(source, target);
  }

  public void download(cl_mem source, MemorySegment target) {
    bytesMoved.addAndGet(target.byteSize());
    transfers.download(source, target);
  }

  /** A kernel of a program; the caller releases it. */
  public cl_kernel kernel(cl_program program, String function) {
    int[] error = new int[1];
    cl_kernel kernel = clCreateKernel(program, function, error);
    ClError.check(name, "clCreateKernel", function, error[0]);
    return kernel;
  }

  @Override
  public void close() {
    programs.close();
    transfers.close();
    clReleaseCommandQueue(queue);
    clReleaseContext(context);
    if (divided) {
      clReleaseDevice(id);
    }
  }
}

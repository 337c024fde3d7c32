package org.sepconv.opencl.device;

import static org.jocl.CL.*;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_program;
import org.sepconv.cache.DiskCache;
import org.sepconv.spi.BackendException;

/**
 * Compiled programs of one context: the last ones used in memory, all on disk as the driver's
 * binaries. Thread-safe; two threads that want the same program compile it once.
 */
public final class ProgramCache implements AutoCloseable {

  /** A network has a few dozen; beyond, the one that was not used for the longest time goes. */
  private static final int IN_MEMORY = 64;

  /** The version goes up when the format of entries changes. */
  private static final String ON_DISK = "opencl-v1";

  /** Entries that are kept, about 50 to 100 KiB each. */
  private static final int MOST_ON_DISK = 1000;

  private final String device;
  private final cl_context context;
  private final cl_device_id id;
  private final String options;
  private final String fingerprint;
  private final DiskCache disk;
  private final Map<ProgramSource, cl_program> programs = new LinkedHashMap<>(16, 0.75f, true);

  ProgramCache(String device, cl_context context, cl_device_id id, ClDevice facts, DiskCache disk) {
    this.device = device;
    this.context = context;
    this.id = id;
    this.options =
        "-cl-std=CL1.2" + (facts.exactDivision() ? " -cl-fp32-correctly-rounded-divide-sqrt" : "");
    this.fingerprint = facts.fingerprint();
    this.disk = disk;
  }

  /** Programs and tuned tiles in a cache folder; without one, nothing is kept. */
  public static DiskCache onDisk(Optional<Path> folder) {
    return new DiskCache(folder, ON_DISK, MOST_ON_DISK);
  }

  /**
   * A program, which the caller releases.
   *
   * @throws BackendException with the build log if the driver refuses it
   */
  public synchronized cl_program get(ProgramSource source) {
    cl_program program = programs.get(source);
    if (program == null) {
      program = load(source);
      programs.put(source, program);
      if (programs.size() > IN_MEMORY) {
        var eldest = programs.entrySet().iterator();
        clReleaseProgram(eldest.next().getValue());
        eldest.remove();
      }
    }
    ClError.check(device, "clRetainProgram", clRetainProgram(program));
    return program;
  }

  private cl_program load(ProgramSource source) {
    String text = source.text();
    String all = options + " " + source.options();
    // The source is part of the key: another version of the library has other sources.
    String entry = String.join("\n", fingerprint, all, text);
    Optional<cl_program> kept = disk.read(entry).flatMap(binary -> fromBinary(binary, all));
    if (kept.isPresent()) {
      return kept.get();
    }
    cl_program program = compile(source.name(), text, all);
    binary(program).ifPresent(binary -> disk.write(entry, binary));
    return program;
  }

  private Optional<cl_program> fromBinary(byte[] binary, String all) {
    int[] status = new int[1];
    int[] error = new int[1];
    cl_program program =
        clCreateProgramWithBinary(
            context,
            1,
            new cl_device_id[] {id},
            new long[] {binary.length},
            new byte[][] {binary},
            status,
            error);
    if (error[0] != CL_SUCCESS || program == null) {
      return Optional.empty(); // of another driver: built anew
    }
    if (status[0] != CL_SUCCESS
        || clBuildProgram(program, 1, new cl_device_id[] {id}, all, null, null) != CL_SUCCESS) {
      clReleaseProgram(program);
      return Optional.empty();
    }
    return Optional.of(program);
  }

  /** Compiles a source, past the caches; the caller releases the program. */
  public cl_program compile(String kernel, String source, String all) {
    int[] error = new int[1];
    cl_program program = clCreateProgramWithSource(context, 1, new String[] {source}, null, error);
    ClError.check(device, "clCreateProgramWithSource of " + kernel, error[0]);
    int status = clBuildProgram(program, 1, new cl_device_id[] {id}, all, null, null);
    if (status != CL_SUCCESS) {
      BackendException failure =
          ClError.exception(
              device, "building %s.cl with %s".formatted(kernel, all) + buildLog(program), status);
      clReleaseProgram(program);
      throw failure;
    }
    return program;
  }

  private String buildLog(cl_program program) {
    long[] size = new long[1];
    if (clGetProgramBuildInfo(program, id, CL_PROGRAM_BUILD_LOG, 0, null, size) != CL_SUCCESS) {
      return "";
    }
    byte[] log = new byte[(int) size[0]];
    clGetProgramBuildInfo(program, id, CL_PROGRAM_BUILD_LOG, size[0], Pointer.to(log), null);
    return "\n" + new String(log, StandardCharsets.UTF_8).replace("\0", "").strip() + "\n";
  }

  private static Optional<byte[]> binary(cl_program program) {
    long[] size = new long[1];
    int status =
        clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, Sizeof.size_t, Pointer.to(size), null);
    if (status != CL_SUCCESS || size[0] <= 0 || size[0] > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    byte[] binary = new byte[(int) size[0]];
    Pointer pointers = Pointer.to(Pointer.to(binary));
    status = clGetProgramInfo(program, CL_PROGRAM_BINARIES, Sizeof.POINTER, pointers, null);
    return status == CL_SUCCESS ? Optional.of(binary) : Optional.empty();
  }

  @Override
  public synchronized void close() {
    programs.values().forEach(program -> clReleaseProgram(program));
    programs.clear();
    disk.prune();
  }
}

package org.sepconv.opencl.device;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Locale;

/** Whether there is an OpenCL library to load. JOCL prints to the console when there is none. */
public final class OpenClLibrary {
  private OpenClLibrary() {}

  /** The names under which JOCL looks for the library on this system. */
  private static List<String> names() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    if (system.contains("windows")) {
      return List.of("OpenCL.dll");
    }
    if (system.contains("mac")) {
      return List.of("/System/Library/Frameworks/OpenCL.framework/OpenCL");
    }
    return List.of("libOpenCL.so.1", "libOpenCL.so");
  }

  public static boolean isPresent() {
    return names().stream().anyMatch(OpenClLibrary::loads);
  }

  /** Whether the system finds and loads a library, given by name or path. */
  @SuppressWarnings("restricted") // loading a library is what this is for
  public static boolean loads(String name) {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(name, arena);
      return true;
    } catch (IllegalArgumentException _) {
      return false; // the documented answer for a library that is not there
    }
  }
}

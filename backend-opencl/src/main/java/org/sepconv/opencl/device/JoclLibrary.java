package org.sepconv.opencl.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.UUID;
import org.jocl.LibUtils;

/**
 * JOCL's own native library. JOCL unpacks it once into {@code java.io.tmpdir} and then takes what
 * lies there: a library that was cut short, or that another process is just writing, kills the JVM
 * when it is mapped. So it is unpacked here before JOCL looks, whole or not at all.
 */
public final class JoclLibrary {
  /** As JOCL has it in {@code CL.loadNativeLibrary}. */
  private static final String NAME = "JOCL_2_0_6";

  private JoclLibrary() {}

  /**
   * Puts it where JOCL looks, in the place of what is damaged. Where JOCL has none for this
   * platform, that is left to JOCL to say.
   *
   * @throws UncheckedIOException if it cannot be written, naming the file
   */
  public static void unpack() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      unpack(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException("%s (%s)".formatted(in(folder), failure), failure);
    }
  }

  /** The file in a folder. */
  public static Path in(Path folder) {
    return folder.resolve(LibUtils.createLibraryFileName(LibUtils.createPlatformLibraryName(NAME)));
  }

  static void unpack(Path folder) throws IOException {
    Path target = in(folder);
    String name = target.getFileName().toString();
    byte[] library;
    try (InputStream packed = LibUtils.class.getResourceAsStream("/lib/" + name)) {
      if (packed == null) {
        return;
      }
      library = packed.readAllBytes();
    }
    if (Files.exists(target) && Arrays.equals(library, Files.readAllBytes(target))) {
      return;
    }
    Files.createDirectories(folder);
    // Not createTempFile: nobody else could read its file.
    Path temporary = folder.resolve(name + "." + UUID.randomUUID() + ".tmp");
    try {
      Files.write(temporary, library);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}

package org.sepconv.onnx.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Weights in files beside a model. A model says which, so it is not believed: only regular files
 * inside the model's own folder are read, reached without {@code ..} and without symbolic links.
 */
public final class ExternalData {
  private final Optional<Path> folder;

  private ExternalData(Optional<Path> folder) {
    this.folder = folder;
  }

  /** Of a model that came alone: there are none. */
  public static ExternalData none() {
    return new ExternalData(Optional.empty());
  }

  /** Of a model in this folder. */
  public static ExternalData in(Path folder) {
    return new ExternalData(Optional.of(folder));
  }

  /**
   * The bytes of a tensor.
   *
   * @param entries {@code location}, and optionally {@code offset} and {@code length}
   * @param needed how many there must be
   */
  ByteBuffer read(Map<String, String> entries, long needed) {
    String location = entries.getOrDefault("location", "");
    if (folder.isEmpty()) {
      throw new OnnxException(
          "its values are in the file '%s': read the model from its path".formatted(location));
    }
    Path file = inside(folder.get(), location);
    long offset = number(entries, "offset", 0);
    long length = number(entries, "length", needed);
    if (length != needed || needed > Integer.MAX_VALUE - 8) {
      throw new OnnxException(
          "it has %d bytes in '%s', but its dimensions need %d"
              .formatted(length, location, needed));
    }
    try (SeekableByteChannel channel = Files.newByteChannel(file, LinkOption.NOFOLLOW_LINKS)) {
      if (offset > channel.size() - length) {
        throw new OnnxException(
            "bytes %d to %d are beyond the end of '%s'"
                .formatted(offset, offset + length, location));
      }
      channel.position(offset);
      ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          throw new OnnxException("'%s' ends too early".formatted(location));
        }
      }
      return bytes.flip();
    } catch (IOException failure) {
      throw new OnnxException("'%s' cannot be read: %s".formatted(location, failure), failure);
    }
  }

  private static long number(Map<String, String> entries, String key, long otherwise) {
    String text = entries.get(key);
    try {
      long number = text == null ? otherwise : Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Falls through to the one message.
    }
    throw new OnnxException("the %s of its file is '%s'".formatted(key, text));
  }

  private static Path inside(Path folder, String location) {
    Path relative;
    try {
      relative = Path.of(location);
    } catch (InvalidPathException wrong) {
      throw new OnnxException("'%s' is no name of a file".formatted(location), wrong);
    }
    if (location.isEmpty() || relative.isAbsolute() || relative.getRoot() != null) {
      throw refused(location);
    }
    Path file = folder;
    for (Path part : relative) {
      file = file.resolve(part);
      if (part.toString().equals("..") || Files.isSymbolicLink(file)) {
        throw refused(location);
      }
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new OnnxException("there is no file '%s' beside the model".formatted(location));
    }
    return file;
  }

  private static OnnxException refused(String location) {
    return new OnnxException(
        "its file '%s' is refused: only files inside the model's own folder are read, without '..' and without symbolic links"
            .formatted(location));
  }
}

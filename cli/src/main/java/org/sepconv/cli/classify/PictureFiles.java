package org.sepconv.cli.classify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** The pictures that a user means. */
final class PictureFiles {
  private PictureFiles() {}

  /**
   * Files as they are named, and of a folder those whose names end as pictures' do, in the order of
   * their names.
   *
   * @throws IOException if there is no such file, or no picture in a folder
   */
  static List<Path> of(List<Path> named) throws IOException {
    List<Path> pictures = new ArrayList<>();
    for (Path path : named) {
      if (Files.isDirectory(path)) {
        List<Path> inside = inFolder(path);
        if (inside.isEmpty()) {
          throw new IOException("there is no picture in the folder " + path);
        }
        pictures.addAll(inside);
      } else {
        pictures.add(path);
      }
    }
    return pictures;
  }

  private static List<Path> inFolder(Path folder) throws IOException {
    Set<String> endings =
        Arrays.stream(ImageIO.getReaderFileSuffixes())
            .map(ending -> ending.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> endings.contains(ending(file)))
          .sorted()
          .toList();
    }
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.startsWith(".") ? "" : name.substring(name.lastIndexOf('.') + 1);
  }
}

package org.sepconv.examples.text;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.sepconv.select.Backends;
import org.sepconv.vision.Picture;
import org.sepconv.vision.PictureDecoder;

/**
 * Reads the text in pictures, line by line: those of files that the arguments name, or some that it
 * draws itself. After {@code --draw FOLDER}, it writes each picture into that folder with what it
 * has read drawn onto it, as {@code NAME-read.png}.
 */
public final class ReadText {
  /** Readings of a picture: the first one plans, and the JVM compiles what it has seen often. */
  private static final int READINGS = 3;

  private static final int VERSION = 4;

  private static final String DRAW = "--draw";

  private ReadText() {}

  public static void main(String[] args) throws IOException {
    List<String> files = new ArrayList<>(List.of(args));
    Optional<Path> folder = Optional.empty();
    if (args.length > 1 && args[0].equals(DRAW)) {
      folder = Optional.of(Files.createDirectories(Path.of(args[1])));
      files.subList(0, 2).clear();
    }
    try (Backends backends = Backends.discover();
        TextReader reader =
            TextReader.of(backends.backend("cpu"), ReadText.class.getClassLoader(), VERSION)) {
      if (files.isEmpty()) {
        for (DrawnPage page : DrawnPage.all()) {
          read(reader, page.name(), page.picture(), folder);
        }
      }
      for (String file : files) {
        readFile(reader, file, folder);
      }
    } catch (FileNotFoundException missing) {
      System.out.println("skipped: " + missing.getMessage());
    }
  }

  private static void readFile(TextReader reader, String file, Optional<Path> folder) {
    try {
      long started = System.nanoTime();
      Picture picture = PictureDecoder.standard().decode(Path.of(file));
      Duration decoded = Duration.ofNanos(System.nanoTime() - started);
      read(reader, file, picture, folder);
      System.out.println("  decode: " + Times.milliseconds(decoded));
    } catch (IOException refused) {
      System.out.println("refused: " + refused.getMessage());
    }
  }

  private static void read(TextReader reader, String name, Picture picture, Optional<Path> folder)
      throws IOException {
    System.out.println(name + ", " + picture);
    Times first = new Times();
    List<TextLine> lines = reader.read(picture, first);
    for (TextLine line : lines) {
      String corners =
          line.place().corners().stream()
              .map(corner -> "%.0f,%.0f".formatted(corner.x(), corner.y()))
              .collect(Collectors.joining(" "));
      System.out.printf("  \"%s\" (%.2f) at %s%n", line.text(), line.score(), corners);
    }
    if (folder.isPresent()) {
      String drawn = Path.of(name).getFileName().toString().replaceFirst("\\.[^.]*$", "");
      Path file = folder.get().resolve(drawn + "-read.png");
      ImageIO.write(ReadPage.of(picture, lines).toImage(), "png", file.toFile());
      System.out.println("  drawn: " + file);
    }
    Times last = first;
    for (int i = 1; i < READINGS; i++) {
      last = new Times();
      reader.read(picture, last);
    }
    print("the first time", first);
    print("the last of " + READINGS, last);
  }

  private static void print(String when, Times times) {
    System.out.println("  " + when);
    System.out.print(times.toString().indent(4));
  }
}

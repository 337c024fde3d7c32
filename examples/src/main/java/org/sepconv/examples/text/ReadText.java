package org.sepconv.examples.text;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import org.sepconv.select.Backends;
import org.sepconv.vision.Picture;
import org.sepconv.vision.PictureDecoder;

/**
 * Reads the text in pictures, line by line: those of files that the arguments name, or some that it
 * draws itself.
 */
public final class ReadText {
  /** Readings of a picture: the first one plans, and the JVM compiles what it has seen often. */
  private static final int READINGS = 3;

  private static final int VERSION = 4;

  private ReadText() {}

  public static void main(String[] args) throws IOException {
    try (Backends backends = Backends.discover();
        TextReader reader =
            TextReader.of(backends.backend("cpu"), ReadText.class.getClassLoader(), VERSION)) {
      if (args.length == 0) {
        for (DrawnPage page : DrawnPage.all()) {
          read(reader, page.name(), page.picture());
        }
      }
      for (String file : args) {
        readFile(reader, file);
      }
    } catch (FileNotFoundException missing) {
      System.out.println("skipped: " + missing.getMessage());
    }
  }

  private static void readFile(TextReader reader, String file) {
    try {
      long started = System.nanoTime();
      Picture picture = PictureDecoder.standard().decode(Path.of(file));
      Duration decoded = Duration.ofNanos(System.nanoTime() - started);
      read(reader, file, picture);
      System.out.println("  decode: " + Times.milliseconds(decoded));
    } catch (IOException refused) {
      System.out.println("refused: " + refused.getMessage());
    }
  }

  private static void read(TextReader reader, String name, Picture picture) {
    System.out.println(name + ", " + picture);
    Times first = new Times();
    for (TextLine line : reader.read(picture, first)) {
      String corners =
          line.place().corners().stream()
              .map(corner -> "%.0f,%.0f".formatted(corner.x(), corner.y()))
              .collect(Collectors.joining(" "));
      System.out.printf("  \"%s\" (%.2f) at %s%n", line.text(), line.score(), corners);
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

package org.sepconv.conformance.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The loop finds what is wrong with readers that are wrong. */
class FuzzingTest {
  private static final byte[] FILE = "size 12 name a [1, 2]".getBytes(StandardCharsets.US_ASCII);

  private static Fuzzing run(Fuzzing.Reader reader) {
    Fuzzing fuzzing = new Fuzzing(reader, List.of(FILE), 1 << 20, 5000, 0, 1);
    fuzzing.run();
    return fuzzing;
  }

  private static String text(byte[] file) {
    return new String(file, StandardCharsets.ISO_8859_1);
  }

  @Test
  void aReaderThatRefusesIsRight() {
    Fuzzing fuzzing = run(file -> text(file).startsWith("size ") ? "" : "no size");
    assertEquals(List.of(), fuzzing.finds());
    assertEquals(5000, fuzzing.done());
    assertTrue(fuzzing.refused() > 500 && fuzzing.refused() < 4500, "" + fuzzing.refused());
    assertEquals(2, fuzzing.refusals(), "read, and refused");
  }

  @Test
  void everythingElseThatIsThrownIsFoundOnceForEachPlace() {
    Fuzzing fuzzing =
        run(
            file -> {
              String text = text(file);
              if (text.indexOf('[') < 0) {
                throw new IllegalStateException("no bracket");
              }
              if (text.contains("[[")) {
                throw new StackOverflowError();
              }
              return "";
            });
    assertEquals(
        List.of(true, true),
        List.of(
            fuzzing.finds().stream().anyMatch(find -> find.what().contains("no bracket")),
            fuzzing.finds().stream().anyMatch(find -> find.what().contains("StackOverflow"))));
    assertEquals(2, fuzzing.finds().size(), fuzzing.finds()::toString);
  }

  @Test
  void memoryThatIsTakenForASizeInTheFileIsFound() {
    Fuzzing fuzzing =
        run(
            file -> {
              String digits = text(file).replaceAll("^size (\\d{1,7}).*|(?s).*", "$1");
              return new byte[digits.isEmpty() ? 0 : Integer.parseInt(digits)].length + "";
            });
    assertEquals(1, fuzzing.finds().size());
    assertTrue(fuzzing.finds().getFirst().what().contains("takes"), fuzzing.finds()::toString);
  }

  /** Two checks one behind the other: the second is met only by files that pass the first. */
  @Test
  void whatIsRefusedInNewWordsIsDamagedFurther() {
    Fuzzing fuzzing =
        run(
            file -> {
              String text = text(file);
              if (!text.contains("99999")) {
                return "no number";
              }
              return text.contains("null") ? "null" : "a number";
            });
    assertEquals(3, fuzzing.refusals());
  }
}

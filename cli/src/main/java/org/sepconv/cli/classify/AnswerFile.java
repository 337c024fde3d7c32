package org.sepconv.cli.classify;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.sepconv.files.AtomicFile;
import org.sepconv.vision.Classes;
import tools.jackson.databind.json.JsonMapper;

/** Answers in a file, a line for each: JSON, or CSV with a column for each class. */
final class AnswerFile {
  private static final String JSON_LINES = ".jsonl";
  private static final String CSV = ".csv";

  private AnswerFile() {}

  /**
   * Refuses a file that cannot be written, before anything is computed for it.
   *
   * @throws IllegalArgumentException if it has another ending
   * @throws IOException if it cannot be written
   */
  static void check(Path file) throws IOException {
    if (!isJson(file) && !ending(file, CSV)) {
      throw new IllegalArgumentException(
          "--output %s must end in %s or %s".formatted(file, CSV, JSON_LINES));
    }
    AtomicFile.check(file);
  }

  private static boolean isJson(Path file) {
    return ending(file, JSON_LINES);
  }

  private static boolean ending(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  /**
   * Writes all, whole or not at all.
   *
   * @param top the most classes of an answer
   */
  static void write(Path file, List<Answer> answers, int top) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          PrintWriter lines = new PrintWriter(out, false, StandardCharsets.UTF_8);
          if (isJson(file)) {
            JsonMapper json = new JsonMapper();
            answers.forEach(answer -> lines.println(json.writeValueAsString(answer)));
          } else {
            lines.print("picture,error");
            for (int i = 1; i <= top; i++) {
              lines.print(",class_%d,share_%d".formatted(i, i));
            }
            lines.println();
            answers.forEach(answer -> lines.println(csv(answer, top)));
          }
          lines.flush();
        });
  }

  private static String csv(Answer answer, int top) {
    StringBuilder line = new StringBuilder(quoted(answer.picture()));
    line.append(',').append(quoted(answer.error().orElse("")));
    for (int i = 0; i < top; i++) {
      line.append(',');
      if (i < answer.classes().size()) {
        Classes.Guess guess = answer.classes().get(i);
        line.append(quoted(guess.label().orElseGet(() -> "" + guess.index())));
        line.append(',').append(guess.share());
      } else {
        line.append(',');
      }
    }
    return line.toString();
  }

  /** As RFC 4180 has it. */
  private static String quoted(String text) {
    return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}

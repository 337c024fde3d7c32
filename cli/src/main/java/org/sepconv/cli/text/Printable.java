package org.sepconv.cli.text;

/** Names from files that anybody may have written, for a terminal. */
public final class Printable {
  private Printable() {}

  /**
   * The same on one line, without what a terminal takes for a command: a question mark stands for
   * every control character, and for those that turn the direction of writing or cannot be seen.
   */
  public static String of(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    text.codePoints()
        .map(
            point ->
                switch (Character.getType(point)) {
                  case Character.CONTROL,
                      Character.FORMAT,
                      Character.LINE_SEPARATOR,
                      Character.PARAGRAPH_SEPARATOR,
                      Character.SURROGATE,
                      Character.UNASSIGNED ->
                      '?';
                  default -> point;
                })
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }
}

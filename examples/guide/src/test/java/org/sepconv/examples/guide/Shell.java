package org.sepconv.examples.guide;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes the commands of a shell's block apart into their words: quotes, comments, redirections and
 * substitutions.
 */
final class Shell {
  private final String text;
  private final List<List<String>> commands = new ArrayList<>();
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private boolean redirected;

  private Shell(String text) {
    this.text = text;
  }

  /** Each command with its arguments; what is assigned before it is left out. */
  static List<List<String>> commands(String text) {
    Shell shell = new Shell(text.replace("\\\n", " "));
    shell.read();
    return shell.commands;
  }

  private void read() {
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '#' && !inWord) {
        i = end(i, '\n');
      } else if (c == '\'' || c == '"') {
        int close = end(i + 1, c);
        append(text.substring(i + 1, close));
        i = close + 1;
      } else if (text.startsWith("$(", i)) {
        int close = end(i, ')');
        append(text.substring(i, close + 1));
        i = close + 1;
      } else {
        separate(c);
        i++;
      }
    }
    endOfCommand();
  }

  private void separate(char c) {
    switch (c) {
      case '\n', ';', '|', '&' -> endOfCommand();
      case ' ' -> endOfWord();
      case '>', '<' -> {
        if (!word.toString().matches("\\d")) {
          endOfWord();
        }
        word.setLength(0);
        inWord = false;
        redirected = true;
      }
      default -> append(String.valueOf(c));
    }
  }

  private int end(int from, char close) {
    int end = text.indexOf(close, from);
    return end < 0 ? text.length() : end;
  }

  private void append(String part) {
    word.append(part);
    inWord = true;
  }

  private void endOfWord() {
    if (!inWord) {
      return;
    }
    boolean assigned = words.isEmpty() && word.toString().matches("(?s)\\w+=.*");
    if (!redirected && !assigned) {
      words.add(word.toString());
    }
    word.setLength(0);
    inWord = false;
    redirected = false;
  }

  private void endOfCommand() {
    endOfWord();
    if (!words.isEmpty()) {
      commands.add(List.copyOf(words));
      words.clear();
    }
  }
}

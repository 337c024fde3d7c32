package org.sepconv.files;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The header of a NumPy file: a Python dictionary such as {@code {'descr': '<f4', 'fortran_order':
 * False, 'shape': (1, 3, 4, 4), }}, in any order and spacing that Python reads.
 *
 * @param descr the type of the values, as NumPy writes it; empty if it is a structured one
 * @param shape unbounded integers: a header can say anything
 */
record NpyHeader(String descr, boolean fortranOrder, List<BigInteger> shape) {
  private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");

  /**
   * Parses the text between the length and the data.
   *
   * @throws IllegalArgumentException if it is not such a dictionary, saying what is wrong and where
   */
  static NpyHeader parse(String text) {
    return new Parser(text).header();
  }

  /** Reads the part of Python's literals that NumPy writes. */
  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    NpyHeader header() {
      Map<String, Object> entries = new HashMap<>();
      expect('{');
      while (!accept('}')) {
        String key = string();
        expect(':');
        if (entries.put(key, value(key)) != null) {
          throw malformed("the key '" + key + "' twice");
        }
        if (!accept(',')) {
          expect('}');
          break;
        }
      }
      skipSpace();
      if (at < text.length()) {
        throw malformed("text after the dictionary");
      }
      if (!entries.keySet().equals(KEYS)) {
        Set<String> missing = new HashSet<>(KEYS);
        missing.removeAll(entries.keySet());
        throw malformed(
            missing.isEmpty() ? "unknown keys" : "no key '" + missing.iterator().next() + "'");
      }
      List<BigInteger> shape = new ArrayList<>();
      for (Object size : (List<?>) Objects.requireNonNull(entries.get("shape"))) {
        shape.add((BigInteger) size);
      }
      return new NpyHeader(
          (String) Objects.requireNonNull(entries.get("descr")),
          (Boolean) Objects.requireNonNull(entries.get("fortran_order")),
          shape);
    }

    private Object value(String key) {
      return switch (key) {
        case "descr" -> descr();
        case "fortran_order" -> bool();
        case "shape" -> tuple();
        default -> throw malformed("the unknown key '" + key + "'");
      };
    }

    /** A string, or the list of fields of a structured type, which is only skipped. */
    private String descr() {
      skipSpace();
      if (at < text.length() && text.charAt(at) == '[') {
        int depth = 0;
        do {
          char c = next();
          depth += c == '[' ? 1 : c == ']' ? -1 : 0;
        } while (depth > 0);
        return "";
      }
      String descr = string();
      if (descr.isEmpty()) {
        throw malformed("an empty descr");
      }
      return descr;
    }

    private String string() {
      skipSpace();
      char quote = next();
      if (quote != '\'' && quote != '"') {
        throw malformed("no string");
      }
      int end = text.indexOf(quote, at);
      if (end < 0) {
        throw malformed("a string without an end");
      }
      String string = text.substring(at, end);
      at = end + 1;
      return string;
    }

    private boolean bool() {
      skipSpace();
      for (String word : List.of("True", "False")) {
        if (text.startsWith(word, at)) {
          at += word.length();
          return word.equals("True");
        }
      }
      throw malformed("neither True nor False");
    }

    /** {@code ()}, {@code (3,)} or {@code (3, 4)}; {@code (3)} would be a number. */
    private List<BigInteger> tuple() {
      List<BigInteger> items = new ArrayList<>();
      expect('(');
      boolean comma = true;
      while (!accept(')')) {
        if (!comma) {
          throw malformed("a shape without a comma");
        }
        items.add(integer());
        comma = accept(',');
      }
      if (items.size() == 1 && !comma) {
        throw malformed("a shape that is not a tuple");
      }
      return items;
    }

    private BigInteger integer() {
      skipSpace();
      int start = at;
      if (at < text.length() && text.charAt(at) == '-') {
        at++;
      }
      int digits = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      if (at == digits || at - digits > 100) {
        throw malformed("a shape that is not made of integers");
      }
      BigInteger value = new BigInteger(text.substring(start, at));
      if (at < text.length() && text.charAt(at) == 'L') {
        at++; // a long of Python 2
      }
      return value;
    }

    private boolean accept(char wanted) {
      skipSpace();
      if (at < text.length() && text.charAt(at) == wanted) {
        at++;
        return true;
      }
      return false;
    }

    private void expect(char wanted) {
      if (!accept(wanted)) {
        throw malformed("no '" + wanted + "'");
      }
    }

    private char next() {
      if (at == text.length()) {
        throw malformed("an early end");
      }
      return text.charAt(at++);
    }

    private void skipSpace() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }

    private IllegalArgumentException malformed(String found) {
      String quoted = text.strip();
      if (quoted.length() > 100) {
        quoted = quoted.substring(0, 100) + "...";
      }
      return new IllegalArgumentException(
          "%s at character %d of \"%s\""
              .formatted(found, at, quoted.replaceAll("\\p{Cntrl}", "?")));
    }
  }
}

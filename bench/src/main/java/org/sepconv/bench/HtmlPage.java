package org.sepconv.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * A page in one HTML file, from a template: style, data and scripts are all put into it, so that it
 * needs nothing else. In the template, a name in capitals between at signs stands for the part of
 * that name; BASE is the style that all our pages have in common.
 */
public final class HtmlPage {
  private static final String BASE = "BASE";

  private static final Pattern MARKER = Pattern.compile("@([A-Z]+)@");

  private HtmlPage() {}

  /**
   * Writes the page in UTF-8; the stream stays open.
   *
   * @param template with markers for the parts
   * @param parts by their names
   * @throws IllegalArgumentException if the template has a marker for which there is no part
   */
  public static void write(String template, Map<String, String> parts, OutputStream out)
      throws IOException {
    Map<String, String> all = new HashMap<>(parts);
    all.put(BASE, resource(HtmlPage.class, "/org/sepconv/bench/report/base.css"));
    String page =
        MARKER
            .matcher(template)
            .replaceAll(
                marker -> {
                  String part = all.get(marker.group(1));
                  if (part == null) {
                    throw new IllegalArgumentException("no part for " + marker.group());
                  }
                  return Matcher.quoteReplacement(part);
                });
    out.write(page.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** A record as JSON that can stand in a script element: nothing in it looks like a tag. */
  public static String json(Object value) {
    return JsonMapper.shared().writeValueAsString(value).replace("<", "\\u003c");
  }

  /**
   * A text file on the class path.
   *
   * @param beside a class of the module that has it
   * @throws IOException if it is not there
   */
  public static String resource(Class<?> beside, String name) throws IOException {
    try (InputStream stream = beside.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IOException("%s is not on the class path".formatted(name));
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

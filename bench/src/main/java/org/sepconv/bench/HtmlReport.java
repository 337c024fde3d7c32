package org.sepconv.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@link BenchReport} as one HTML file: data, charts and chart library are all in it, and its
 * content security policy forbids the page to load anything else.
 */
public final class HtmlReport {

  private static final Pattern MARKER = Pattern.compile("@(STYLE|DATA|ECHARTS|SCRIPT)@");

  /** Where the web jar keeps it, below the version. */
  private static final String ECHARTS = "META-INF/resources/webjars/echarts/%s/dist/echarts.min.js";

  private static final String ECHARTS_VERSION =
      "META-INF/maven/org.webjars.npm/echarts/pom.properties";

  private HtmlReport() {}

  /** Writes the page in UTF-8; the stream stays open. */
  public static void write(BenchReport report, OutputStream out) throws IOException {
    Map<String, String> parts =
        Map.of(
            "STYLE", resource("/org/sepconv/bench/report/report.css"),
            "DATA", data(report),
            "ECHARTS", echarts(),
            "SCRIPT", resource("/org/sepconv/bench/report/report.js"));
    Matcher matcher = MARKER.matcher(resource("/org/sepconv/bench/report/report.html"));
    String page =
        matcher.replaceAll(marker -> Matcher.quoteReplacement(parts.get(marker.group(1))));
    out.write(page.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** JSON that can stand in a script element: nothing in it looks like a tag. */
  private static String data(BenchReport report) {
    return JsonMapper.shared().writeValueAsString(report).replace("<", "\\u003c");
  }

  private static String echarts() throws IOException {
    java.util.Properties properties = new java.util.Properties();
    properties.load(new java.io.StringReader(resource("/" + ECHARTS_VERSION)));
    return resource("/" + ECHARTS.formatted(properties.getProperty("version")));
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = HtmlReport.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IOException("%s is not on the class path".formatted(name));
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

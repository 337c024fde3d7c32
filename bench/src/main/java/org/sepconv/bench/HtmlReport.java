package org.sepconv.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.util.Map;
import java.util.Properties;

/**
 * A {@link BenchReport} as one HTML file: data, charts and chart library are all in it, and its
 * content security policy forbids the page to load anything else.
 */
public final class HtmlReport {

  private static final String FOLDER = "/org/sepconv/bench/report/";

  /** Where the web jar keeps it, below the version. */
  private static final String ECHARTS = "META-INF/resources/webjars/echarts/%s/dist/echarts.min.js";

  private static final String ECHARTS_VERSION =
      "META-INF/maven/org.webjars.npm/echarts/pom.properties";

  private HtmlReport() {}

  /** Writes the page in UTF-8; the stream stays open. */
  public static void write(BenchReport report, OutputStream out) throws IOException {
    HtmlPage.write(
        resource(FOLDER + "report.html"),
        Map.of(
            "STYLE", resource(FOLDER + "report.css"),
            "DATA", HtmlPage.json(report),
            "ECHARTS", echarts(),
            "SCRIPT", resource(FOLDER + "report.js")),
        out);
  }

  private static String echarts() throws IOException {
    Properties properties = new Properties();
    properties.load(new StringReader(resource("/" + ECHARTS_VERSION)));
    return resource("/" + ECHARTS.formatted(properties.getProperty("version")));
  }

  private static String resource(String name) throws IOException {
    return HtmlPage.resource(HtmlReport.class, name);
  }
}

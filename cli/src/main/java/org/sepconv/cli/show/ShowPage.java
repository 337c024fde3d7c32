package org.sepconv.cli.show;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import org.sepconv.bench.HtmlPage;

/**
 * A {@link Shown} network as one HTML file. Nothing that a model's file says is markup in it: all
 * of it is data, which the page's script makes text of.
 */
final class ShowPage {

  private static final String FOLDER = "/org/sepconv/cli/show/";

  /**
   * What the page's script reads.
   *
   * @param before null if it is too large to be drawn
   * @param after null if it is too large to be drawn
   */
  private record Data(Shown shown, Optional<Drawing> before, Optional<Drawing> after) {}

  private ShowPage() {}

  /** Writes the page in UTF-8; the stream stays open. */
  static void write(Shown shown, OutputStream out) throws IOException {
    Data data =
        new Data(
            shown,
            Drawing.of(shown.before(), false),
            Drawing.of(shown.after(), shown.run().isPresent()));
    HtmlPage.write(
        resource("show.html"),
        Map.of(
            "STYLE", resource("show.css"),
            "DATA", HtmlPage.json(data),
            "GRAPH", resource("graph.js"),
            "CHARTS", resource("charts.js"),
            "SCRIPT", resource("show.js")),
        out);
  }

  private static String resource(String name) throws IOException {
    return HtmlPage.resource(ShowPage.class, FOLDER + name);
  }
}

package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A page in a real browser, Chromium, for tests of pages that we write. Where there is none, a test
 * is skipped, and says so.
 */
public final class Browser {

  /** Written into the page before anything else: what goes wrong or is asked from outside. */
  private static final String WATCH =
      """
      <script>
      window.problems = [];
      addEventListener("error", (event) => window.problems.push(event.message));
      addEventListener("securitypolicyviolation", (event) => window.problems.push(event.blockedURI));
      </script>
      """;

  /** Written behind everything else: uses the page, and leaves what came of it in it. */
  private static final String USE =
      """
      <script>
      const found = document.documentElement.dataset;
      try {
        %s
      } catch (failure) {
        window.problems.push(String(failure));
      }
      found.resources = performance.getEntriesByType("resource").length;
      found.overflow = document.documentElement.scrollWidth > document.documentElement.clientWidth;
      found.problems = window.problems.join(" ");
      found.done = true;
      </script>
      """;

  private static final int MOST_SECONDS = 90;

  private Browser() {}

  /**
   * The page after its scripts have run, and one of the test: what that one writes into {@code
   * found}, {@link #found} reads. {@code resources}, {@code overflow} (whether it scrolls sideways)
   * and {@code problems} are there already.
   *
   * @param folder for files of the browser
   * @param width of the window, in pixels, at least 500
   * @param script in JavaScript
   */
  public static String dom(String page, Path folder, int width, String script) throws Exception {
    String browser = browser().orElse("");
    if (browser.isEmpty()) {
      String reason = "no Chromium on the PATH: the page was not looked at in a browser";
      System.out.println("skipped: " + reason);
      Assumptions.abort(reason);
    }
    int head = page.indexOf("<head>") + "<head>".length();
    int end = page.lastIndexOf("</body>");
    String instrumented =
        page.substring(0, head)
            + WATCH
            + page.substring(head, end)
            + USE.formatted(script)
            + page.substring(end);
    Path file = Files.writeString(folder.resolve("page.html"), instrumented);
    Path dom = folder.resolve("dom.html");
    Process process =
        new ProcessBuilder(
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--user-data-dir=" + folder.resolve("profile"),
                "--window-size=" + width + ",900",
                "--virtual-time-budget=5000",
                "--dump-dom",
                file.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(folder.resolve("log").toFile())
            .start();
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    process.waitFor();
    String text = Files.readString(dom);
    assertEquals("true", found(text, "done"), () -> "the browser did not finish: " + log(folder));
    return text;
  }

  private static String log(Path folder) {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException failure) {
      return failure.toString();
    }
  }

  private static Optional<String> browser() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(
            folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  /** What a script has left under this name, escaped as attributes are; {@code absent} if none. */
  public static String found(String dom, String name) {
    Matcher attribute = Pattern.compile("<html[^>]*\\sdata-" + name + "=\"([^\"]*)\"").matcher(dom);
    return attribute.find() ? attribute.group(1) : "absent";
  }
}

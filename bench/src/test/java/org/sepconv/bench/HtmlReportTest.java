package org.sepconv.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.bench.scan.ScanRow;
import org.sepconv.cases.ShapeFile;
import org.sepconv.conformance.Browser;

/** The page, as text and in a real browser where there is one. */
class HtmlReportTest {

  private static final List<String> CHARTS =
      List.of("time", "roofline", "saving", "prediction", "scan", "spread");

  /** Uses the table. */
  private static final String USE =
      """
      const layers = () => [...document.querySelectorAll("#rows tbody tr")]
        .map((row) => row.cells[0].textContent + "@" + row.cells[2].textContent).join(" ");
      const press = (name) => [...document.querySelectorAll("#rows thead button")]
        .find((button) => button.textContent === name).click();
      press("ms");
      found.ascending = layers();
      press("ms");
      found.descending = layers();
      press("over peers");
      found.missing = layers();
      const filter = document.getElementById("filter");
      filter.value = "cpu standard";
      filter.dispatchEvent(new Event("input"));
      found.filtered = layers();
      found.count = document.getElementById("count").textContent;
      """;

  private static BenchReport report(int forks) {
    List<LayerRow> rows = new ArrayList<>();
    int index = 0;
    for (BenchLayer layer :
        BenchLayer.of(
            ShapeFile.named("pairs").subList(0, 2),
            List.of(),
            List.of(Variant.GIVEN, Variant.STANDARD),
            0)) {
      for (String name : List.of("cpu", "onednn")) {
        rows.add(row(layer, name, ++index * 1e-3, forks));
      }
    }
    return new BenchReport(
        Environment.here(),
        1,
        forks,
        240e9,
        20e9,
        List.of(
            new BenchReport.Device("the processor", 240e9, 20e9, List.of("cpu", "onednn")),
            new BenchReport.Device("cpu, estimated", 120e9, 10e9, List.of("cpu"))),
        rows,
        scan(),
        List.of(
            new BenchReport.Failure(
                "block9",
                "onednn",
                true,
                "not </script><script>problems.push('escaped')</script>")));
  }

  private static List<ScanRow> scan() {
    return List.of(
        scanRow(32, List.of()),
        scanRow(33, List.of("2.50 times the prediction")),
        scanRow(64, List.of()));
  }

  private static ScanRow scanRow(int channels, List<String> reasons) {
    return new ScanRow(
        "depthwise",
        "channels",
        channels,
        "depthwise of " + channels,
        "1x" + channels + "x28x28",
        "cpu",
        reasons.isEmpty() ? 1e-4 : 2.5e-4,
        1e-4,
        reasons.isEmpty() ? 50 : 20,
        reasons);
  }

  private static LayerRow row(BenchLayer layer, String name, double seconds, int forks) {
    boolean peer = name.equals("onednn");
    List<Double> times = Stream.iterate(seconds, each -> each * 1.1).limit(forks).toList();
    return new LayerRow(
        layer.layer(),
        layer.variant(),
        layer.shape().convolution().toString(),
        layer.shape().input().toString(),
        20_000_000,
        1_000_000,
        name,
        peer,
        "f32-<kernel>",
        seconds,
        times,
        peer ? List.of(seconds, 2 * seconds) : List.of(seconds),
        0.5,
        0.01,
        0,
        peer ? 2 : 0.5,
        20e-3 / seconds,
        0.5,
        0.6,
        peer ? Optional.empty() : Optional.of(seconds * 1.2),
        peer ? Optional.empty() : Optional.of(1.1));
  }

  private static String page(BenchReport report) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    HtmlReport.write(report, bytes);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theFileNeedsNothingElse() throws IOException {
    String page = page(report(3));
    assertFalse(page.contains("@STYLE@") || page.contains("@SCRIPT@"), "a part is missing");
    assertTrue(page.contains("default-src 'none'"), "the browser is told to load nothing");
    String markup = page.replaceAll("(?s)<script.*?</script>", "");
    Matcher reference = Pattern.compile("\\s(src|href)\\s*=\\s*\"([^\"]*)\"").matcher(markup);
    assertTrue(markup.contains("<table>"), "the markup is left");
    while (reference.find()) {
      assertEquals("#rows", reference.group(2));
    }
    // Text from outside cannot end the script element that the data is in.
    assertFalse(page.contains("</script><script>problems"), "the data is escaped");
    assertTrue(page.contains("f32-\\u003ckernel>"), "the kernel is in the data");
  }

  @Test
  void aBrowserDrawsEveryChartAndLoadsNothing(@TempDir Path folder) throws Exception {
    String dom = Browser.dom(page(report(3)), folder, 1200, USE);
    for (String chart : CHARTS) {
      assertTrue(chart(dom, chart).contains("<svg"), chart + " is drawn");
    }
    assertTrue(chart(dom, "time").contains("112x112-64-128-s2"), "layers are named");
    assertTrue(chart(dom, "saving").contains("promised"), "savings are compared");
    assertTrue(chart(dom, "scan").contains(">cliff<"), "cliffs are marked");
    assertTrue(
        dom.contains(
            "depthwise of 33 on cpu, input 1x33x28x28: 0.25 ms, 2.50 times the prediction."),
        "cliffs are named");
    assertEquals("0", Browser.found(dom, "resources"));
    assertEquals("", Browser.found(dom, "problems"));
    assertTrue(dom.contains("is bimodal: it ran in 2 ms or in 4 ms."), "bimodal rows are named");
    assertTrue(dom.contains("is less exact than float32 allows"), "inexact rows are named");
    assertTrue(
        dom.contains("Not measured: block9 on onednn: not &lt;/script"), "failures are named");
  }

  @Test
  void theTableIsSortedAndFiltered(@TempDir Path folder) throws Exception {
    String dom = Browser.dom(page(report(2)), folder, 1200, USE);
    String first = "112x112-32-64@";
    String second = "112x112-64-128-s2@";
    String ascending =
        String.join(
            " ",
            first + "cpu",
            first + "onednn",
            first + "cpu",
            first + "onednn",
            second + "cpu",
            second + "onednn",
            second + "cpu",
            second + "onednn");
    assertEquals(ascending, Browser.found(dom, "ascending"));
    List<String> reversed = new ArrayList<>(List.of(ascending.split(" ")));
    java.util.Collections.reverse(reversed);
    assertEquals(String.join(" ", reversed), Browser.found(dom, "descending"));
    assertTrue(Browser.found(dom, "missing").endsWith("@onednn"), "rows without a value come last");
    assertEquals("2 of 8 rows", Browser.found(dom, "count"));
    assertEquals(second + "cpu " + first + "cpu", Browser.found(dom, "filtered"));
  }

  @Test
  void aPhoneShowsItWithoutScrollingSideways(@TempDir Path folder) throws Exception {
    String dom = Browser.dom(page(report(1)), folder, 500, USE);
    assertEquals("false", Browser.found(dom, "overflow"));
    assertTrue(chart(dom, "spread").contains("measured in one JVM"), "one fork has no spread");
  }

  /** What is in the chart's element, up to the end of its section. */
  private static String chart(String dom, String id) {
    int start = dom.indexOf("id=\"" + id + "\"");
    return dom.substring(start, dom.indexOf("</section>", start));
  }
}

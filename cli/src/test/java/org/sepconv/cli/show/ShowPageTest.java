package org.sepconv.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.cli.Ran;
import org.sepconv.conformance.Browser;
import org.sepconv.onnx.OnnxWriter;

/** The page, as text and in a real browser where there is one. */
class ShowPageTest {
  private static final String HOSTILE =
      "</script><img src=x onerror=\"window.problems.push('run')\"><!--";

  @TempDir Path folder;

  private String page(String... arguments) throws Exception {
    Path file = folder.resolve("shown.html");
    List<String> line = new ArrayList<>(List.of("show"));
    line.addAll(Arrays.asList(arguments));
    line.addAll(List.of("-breference", "--html", file.toString()));
    Ran.sepconv(line.toArray(String[]::new)).expectStatus(0);
    return Files.readString(file);
  }

  private String mobileNet(String... more) throws Exception {
    List<String> line = new ArrayList<>(List.of("mobilenet_v2", "--size=32", "--width=0.25"));
    line.addAll(Arrays.asList(more));
    return page(line.toArray(String[]::new));
  }

  /** A model whose nodes, inputs and file have names that would be markup. */
  private Path hostile() throws Exception {
    Graph graph =
        Graph.builder("small")
            .input("<b>x</b>", Shape.of(2, 3, 4))
            .add(HOSTILE, new Activate(Activation.TANH))
            .add("y", new Activate(Activation.TANH))
            .build();
    Path model = folder.resolve("<i>m</i>".replace('/', '|') + ".onnx");
    OnnxWriter.write(graph.problem(), Weights.random(graph, 1), model);
    return model;
  }

  @Test
  void theFileNeedsNothingElse() throws Exception {
    String page = mobileNet();
    assertFalse(Pattern.compile("@[A-Z]+@").matcher(page).find(), "a part is missing");
    assertTrue(page.contains("default-src 'none'"), "the browser is told to load nothing");
    String markup = page.replaceAll("(?s)<script.*?</script>", "");
    Matcher reference = Pattern.compile("\\s(src|href)\\s*=\\s*\"([^\"]*)\"").matcher(markup);
    while (reference.find()) {
      assertEquals("#nodes", reference.group(2));
    }
  }

  @Test
  void aBrowserDrawsBothGraphsAndSaysWhatIsKnownOfANode() throws Exception {
    String script =
        """
        const boxes = () => document.querySelectorAll("#view .box").length;
        const details = () => document.getElementById("details").textContent;
        found.after = boxes();
        const second = document.querySelectorAll("#view .box")[2];
        const at = { bubbles: true, pointerId: 1, clientX: 300, clientY: 300 };
        second.dispatchEvent(new PointerEvent("pointerdown", at));
        second.dispatchEvent(new PointerEvent("pointerup", at));
        found.chosen = details();
        document.getElementById("show-before").click();
        found.before = boxes();
        const find = document.getElementById("find");
        find.value = "features.1.conv.0.1";
        find.dispatchEvent(new Event("input"));
        found.norm = details();
        [...document.querySelectorAll("#details .link")].find((each) => each.textContent === "features.1.conv.2").click();
        found.where = document.getElementById("show-after").getAttribute("aria-pressed");
        found.back = details();
        const view = document.getElementById("view");
        const scale = () => document.querySelector("#view svg > g").getAttribute("transform");
        const first = scale();
        document.getElementById("in").click();
        found.zoomed = first !== scale();
        const zoomed = scale();
        view.dispatchEvent(new WheelEvent("wheel", { deltaY: 50, cancelable: true }));
        found.scrolled = zoomed !== scale();
        document.getElementById("fit").click();
        found.far = view.classList.contains("far");
        found.rows = document.querySelectorAll("#nodes tbody tr").length;
        found.noTime = document.getElementById("time-section").hidden;
        """;
    String dom = Browser.dom(page("mobilenet_v2", "--size=32"), folder, 1200, script);
    assertEquals("", Browser.found(dom, "problems"));
    assertEquals("0", Browser.found(dom, "resources"));
    // 151 nodes and an input, 37 and an input.
    assertEquals("152", Browser.found(dom, "before"));
    assertEquals("38", Browser.found(dom, "after"));
    String chosen = Browser.found(dom, "chosen");
    assertTrue(chosen.startsWith("separable 3x3features.1.conv.2"), chosen);
    assertTrue(chosen.contains("made offeatures.1.conv.0.0"), chosen);
    assertTrue(chosen.contains("depthwise filter 32x1x3x3"), chosen);
    String norm = Browser.found(dom, "norm");
    assertTrue(norm.startsWith("batch norm of 32 channelsfeatures.1.conv.0.1"), norm);
    assertTrue(norm.contains("after the passesfeatures.1.conv.2"), norm);
    assertEquals("true", Browser.found(dom, "where"));
    assertEquals(chosen, Browser.found(dom, "back"));
    assertEquals("true", Browser.found(dom, "zoomed"));
    assertEquals("true", Browser.found(dom, "scrolled"));
    assertEquals("true", Browser.found(dom, "far"));
    assertEquals("37", Browser.found(dom, "rows"));
    assertEquals("true", Browser.found(dom, "no-time"));
  }

  @Test
  void aProfileIsBarsThatAddUpAndMemoryOverTime() throws Exception {
    String script =
        """
        const wide = (row) => {
          const y = [...new Set([...document.querySelectorAll("#stack rect.part")].map((each) => each.getAttribute("y")))][row];
          return [...document.querySelectorAll("#stack rect")].filter((each) => each.getAttribute("y") === y)
            .reduce((sum, each) => sum + each.width.baseVal.value, 0);
        };
        const all = document.querySelector("#stack svg").viewBox.baseVal.width;
        found.bar = Math.max(wide(0), wide(1), wide(2)) / all;
        found.layers = document.querySelectorAll("#layers tbody tr").length;
        found.blocks = document.querySelectorAll("#memory rect.block").length;
        found.text = document.getElementById("memory-text").textContent;
        document.querySelectorAll("#layers tbody tr")[1].click();
        found.details = document.getElementById("details").textContent;
        found.marked = document.querySelectorAll("#stack rect.chosen").length;
        """;
    String dom = Browser.dom(mobileNet("--profile", "--time=0.001"), folder, 500, script);
    assertEquals("", Browser.found(dom, "problems"));
    assertEquals("false", Browser.found(dom, "overflow"), "a phone scrolls it down only");
    assertEquals(1, Double.parseDouble(Browser.found(dom, "bar")), 0.02);
    int layers = Integer.parseInt(Browser.found(dom, "layers"));
    assertTrue(layers >= 37, () -> layers + " layers");
    assertTrue(Integer.parseInt(Browser.found(dom, "blocks")) > 2, "values lie between the nodes");
    String text = Browser.found(dom, "text");
    assertTrue(text.contains("Most of it is in use at features."), text);
    String details = Browser.found(dom, "details");
    assertTrue(details.contains("of the run") && details.contains("kernelf64-reference"), details);
    assertEquals("3", Browser.found(dom, "marked"), "measured, predicted, limit");
  }

  @Test
  void namesOfAModelAreTextAndNeverMarkup() throws Exception {
    String page = page(hostile().toString());
    assertFalse(page.contains("</script><img"), "the data is escaped");
    String script =
        """
        found.images = document.querySelectorAll("img, b, i").length;
        const find = document.getElementById("find");
        find.value = "onerror";
        find.dispatchEvent(new Event("input"));
        document.getElementById("show-before").click();
        found.name = document.querySelector("#details p").textContent;
        found.title = document.querySelector("h1").textContent;
        found.imagesThen = document.querySelectorAll("img, b, i").length;
        """;
    String dom = Browser.dom(page, folder, 1200, script);
    assertEquals("", Browser.found(dom, "problems"));
    assertEquals("0", Browser.found(dom, "images"));
    assertEquals("0", Browser.found(dom, "images-then"));
    String shown = HOSTILE.replace("&", "&amp;").replace("\"", "&quot;");
    assertEquals(shown, Browser.found(dom, "name").replace("&lt;", "<").replace("&gt;", ">"));
    assertTrue(Browser.found(dom, "title").contains("m"), "the file is named");
  }

  @Test
  void aGraphThatIsTooLargeIsAListOfNodes() throws Exception {
    Graph.Builder chain = Graph.builder("chain").input("x", Shape.of(1, 1, 1));
    for (int i = 0; i <= Drawing.MOST_BOXES; i++) {
      chain.add("n" + i, new Activate(Activation.TANH));
    }
    Graph graph = chain.build();
    Path model = folder.resolve("m.onnx");
    OnnxWriter.write(graph.problem(), new GraphWeights(Map.of()), model);
    String dom =
        Browser.dom(
            page(model.toString()),
            folder,
            1200,
            "found.rows = document.querySelectorAll('#nodes tbody tr').length;");
    assertEquals("", Browser.found(dom, "problems"));
    assertEquals("2001", Browser.found(dom, "rows"));
    assertTrue(dom.contains("2,001 nodes, or their lines, are too many to be drawn"), "it says so");
  }
}

package org.sepconv.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sepconv.examples.guide.Page.Block;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Blocks that are neither Java nor for a shell. */
class OtherBlocksTest {
  @Test
  void everyLanguageIsLookedAt() throws IOException {
    Set<String> known = Set.of("", "java", "sh", "xml", "python");
    assertEquals(
        List.of(),
        Page.all().stream()
            .flatMap(page -> page.blocks().stream())
            .filter(block -> !known.contains(block.language()))
            .toList());
  }

  @TestFactory
  Stream<DynamicTest> dependenciesAreOfModulesThatExist() throws IOException {
    return Page.blocks("xml").stream()
        .map(block -> DynamicTest.dynamicTest(block.toString(), () -> checkXml(block.text())));
  }

  /**
   * The PyTorch block is compared with a source file, which nobody runs here: there is no PyTorch.
   */
  @TestFactory
  Stream<DynamicTest> pythonIsInAFileOrHasTheRightSyntax() throws IOException {
    Sources sources = Sources.read();
    return Page.blocks("python").stream()
        .map(
            block ->
                DynamicTest.dynamicTest(
                    block.toString(),
                    () -> {
                      if (!sources.contain(block.text())) {
                        checkPython(block);
                      }
                    }));
  }

  @Test
  void wrongDependenciesAreNoticed() {
    String dependency = "<dependency><groupId>org.sepconv</groupId><artifactId>%s</artifactId>%s";
    String end = "</dependency>";
    for (String wrong :
        List.of(
            dependency.formatted("sepconv-none", "") + end,
            dependency.formatted("sepconv-core", "<version>0</version>") + end)) {
      assertThrows(AssertionError.class, () -> checkXml(wrong));
    }
    assertThrows(SAXException.class, () -> checkXml(dependency.formatted("sepconv-core", "")));
  }

  private static void checkXml(String text) throws Exception {
    NodeList dependencies =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader("<all>" + text + "</all>")))
            .getElementsByTagName("dependency");
    for (int i = 0; i < dependencies.getLength(); i++) {
      Element dependency = (Element) dependencies.item(i);
      if (child(dependency, "groupId").equals("org.sepconv")) {
        String module = child(dependency, "artifactId").replace("sepconv-", "");
        String pom = Files.readString(Page.ROOT.resolve("pom.xml"));
        assertEquals(true, pom.contains("<module>" + module + "</module>"), module);
        String version = child(dependency, "version");
        assertEquals(
            true, version.isEmpty() || pom.contains("<version>" + version + "</version>"), version);
      }
    }
  }

  private static String child(Element element, String name) {
    NodeList children = element.getElementsByTagName(name);
    return children.getLength() == 0 ? "" : children.item(0).getTextContent();
  }

  private static void checkPython(Block block) throws Exception {
    String[] command = {"python3", "-c", "import ast, sys; ast.parse(sys.stdin.read())"};
    Process python;
    try {
      python = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException missing) {
      System.out.println("skipped: " + block + ", for there is no python3");
      Assumptions.abort("there is no python3");
      return;
    }
    python.getOutputStream().write(block.text().getBytes(StandardCharsets.UTF_8));
    python.getOutputStream().close();
    assertEquals("", new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals(0, python.waitFor());
  }
}

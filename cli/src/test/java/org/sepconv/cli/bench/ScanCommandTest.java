package org.sepconv.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.cli.Ran;

class ScanCommandTest {

  private static Ran scan(String... more) {
    String[] arguments = {"scan", "--backend", "cpu", "--threads", "1", "--time", "0.001"};
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return Ran.sepconv(all);
  }

  @Test
  void measuresTheSeriesThatWereAskedFor(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("scan.json");
    Ran ran = scan("--series", "dilation", "--all", "--json", json.toString());
    assertEquals(0, ran.status(), ran.err());
    assertTrue(ran.out().startsWith("cpu: 7 shapes, "), ran.out());
    for (String dilation : new String[] {"1", "2", "3", "4", "6", "9"}) {
      assertTrue(ran.out().contains("dilation   " + " ".repeat(4) + dilation), ran.out());
    }
    assertTrue(Files.readString(json).contains("\"parameter\" : \"dilation\""));
  }

  @Test
  void everyShapeIsACliffIfTheLimitIsLowEnough() {
    Ran ran =
        scan("--series", "multiplier", "--over", "1.000001", "--option", "cpu.kernels=scalar");
    assertEquals(0, ran.status(), ran.err());
    assertTrue(ran.out().contains("times the prediction"), ran.out());
  }

  @Test
  void refusesWhatMakesNoSense(@TempDir Path folder) throws Exception {
    assertTrue(scan("--series", "no such").err().contains("depthwise 3x3 s1, 28x28: channels"));
    assertTrue(Ran.sepconv("scan", "--time", "-1").err().contains("--time is -1"));
    assertTrue(scan("--over", "1").err().contains("must be more than 1"));
    Path broken = Files.writeString(folder.resolve("scan.json"), "{\"rows\": 3");
    Ran ran = Ran.sepconv("bench", "--scan", broken.toString(), "--report", folder + "/page.html");
    assertTrue(ran.err().contains("is not what 'sepconv scan --json' writes"), ran.err());
    assertTrue(
        Ran.sepconv("bench", "--scan", broken.toString()).err().contains("--report FILE too"));
  }
}

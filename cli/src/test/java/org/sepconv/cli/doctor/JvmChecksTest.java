package org.sepconv.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.spi.Finding;
import org.sepconv.spi.Finding.Status;

class JvmChecksTest {

  private static Finding finding(String check, JvmFacts jvm) {
    return Jvm.finding(check, JvmChecks.of(jvm));
  }

  private static void expect(Status status, String remedy, Finding finding) {
    assertEquals(status, finding.status(), finding.toString());
    assertTrue(finding.remedy().contains(remedy), finding.toString());
    assertEquals(status == Status.OK, finding.remedy().isEmpty(), finding.toString());
  }

  @Test
  void nothingIsWrongWithAFineOne() {
    JvmChecks.of(Jvm.FINE).forEach(finding -> expect(Status.OK, "", finding));
  }

  @ParameterizedTest
  @CsvSource({"17, FAILED", "24, FAILED", "25, OK", "27, OK"})
  void theVersionIs25OrNewer(int feature, Status status) {
    expect(status, status == Status.OK ? "" : "JDK 25", finding("version", Jvm.version(feature)));
  }

  @Test
  void theVectorModuleIsWanted() {
    expect(
        Status.WARNING,
        "start java with --add-modules jdk.incubator.vector",
        finding("vector module", Jvm.access(false, true)));
    expect(
        Status.WARNING,
        "unset SEPCONV_VECTOR",
        finding("vector module", Jvm.environment("SEPCONV_VECTOR", "off")));
  }

  @Test
  void nativeAccessIsWantedAndNeededWhereJavaDeniesIt() {
    String remedy = "--enable-native-access=ALL-UNNAMED";
    expect(Status.WARNING, remedy, finding("native access", Jvm.access(true, false)));
    expect(
        Status.FAILED,
        remedy,
        finding("native access", Jvm.access(true, false, "--illegal-native-access=deny")));
  }

  @Test
  void theCompilerIsC2() {
    expect(Status.WARNING, "-Xint", finding("compiler", Jvm.mode("interpreted mode, sharing")));
    expect(
        Status.WARNING,
        "without -XX:TieredStopAtLevel",
        finding("compiler", Jvm.option("TieredStopAtLevel", "1")));
    expect(Status.WARNING, "server compiler", finding("compiler", Jvm.options(Map.of())));
  }

  @Test
  void saysWhatItWasStartedWith() {
    assertEquals("/jdk", finding("started with", Jvm.FINE).found());
    assertEquals(
        "/jdk, as JAVA_HOME says",
        finding("started with", Jvm.environment("JAVA_HOME", "/jdk/")).found());
    assertEquals(
        "/jdk, and not JAVA_HOME=/old",
        finding("started with", Jvm.environment("JAVA_HOME", "/old")).found());
    assertEquals(
        "-Xmx1g; from JAVA_TOOL_OPTIONS=-Xmx1g",
        finding("options", Jvm.environment("JAVA_TOOL_OPTIONS", "-Xmx1g")).found());
  }

  @Test
  void theLaunchersOwnOptionsAreNotTheUsers() {
    String cache = "-XX:AOTCache=/a/sepconv/cli/target/start/25.0.3/full.aot";
    String[] own = {cache, "-Xlog:aot*=off", "-Xlog:cds*=off"};
    assertEquals(
        "none that change the speed", finding("options", Jvm.access(true, true, own)).found());
    assertEquals(
        "-XX:AOTCache=/mine.aot",
        finding("options", Jvm.access(true, true, "-XX:AOTCache=/mine.aot")).found());
  }

  @Test
  void readsThisJvm() {
    JvmFacts here = JvmFacts.here();
    assertEquals(Runtime.version().feature(), here.feature());
    assertTrue(here.option("ActiveProcessorCount").isPresent(), here.toString());
    assertEquals(
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(), here.vectorModule());
  }
}

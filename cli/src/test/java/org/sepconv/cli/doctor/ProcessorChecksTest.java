package org.sepconv.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.machine.Processor;
import org.sepconv.spi.Finding;
import org.sepconv.spi.Finding.Status;

class ProcessorChecksTest {
  private static final Set<String> AVX512 = Set.of("avx", "avx2", "avx512f");
  private static final OptionalDouble NO_QUOTA = OptionalDouble.empty();

  private static ProcessorFacts machine(Set<String> features) {
    return new ProcessorFacts(
        new Processor("Fast 9", "family 9", features, 8), 8, Optional.of(8), NO_QUOTA);
  }

  private static ProcessorFacts using(int visible, int affinity, OptionalDouble quota) {
    return new ProcessorFacts(
        new Processor("Fast 9", "", AVX512, 8), visible, Optional.of(affinity), quota);
  }

  private static Finding finding(String check, ProcessorFacts machine, JvmFacts jvm) {
    return Jvm.finding(check, ProcessorChecks.of(machine, jvm));
  }

  private static void expectWarning(String found, String remedy, Finding finding) {
    assertEquals(Status.WARNING, finding.status(), finding.toString());
    assertTrue(finding.found().contains(found), finding.toString());
    assertTrue(finding.remedy().contains(remedy), finding.toString());
  }

  @Test
  void allOfAFineOneIsUsed() {
    for (Finding finding : ProcessorChecks.of(machine(AVX512), Jvm.FINE)) {
      assertEquals(Status.OK, finding.status(), finding.toString());
    }
    assertEquals("Fast 9 (family 9)", finding("name", machine(AVX512), Jvm.FINE).found());
    assertEquals(
        "AVX-512, C2 uses 512 bits (UseAVX=3)",
        finding("vectors", machine(AVX512), Jvm.FINE).found());
  }

  @Test
  void shorterVectorsThanThereAreAreAWarning() {
    JvmFacts avx2 = Jvm.options(Map.of("UseAVX", "2", "MaxVectorSize", "32"));
    expectWarning(
        "has AVX-512 (512 bits), but C2 uses 256 bits (UseAVX=2)",
        "-XX:UseAVX=3",
        finding("vectors", machine(AVX512), avx2));
    assertEquals(Status.OK, finding("vectors", machine(Set.of("avx", "avx2")), avx2).status());
    JvmFacts sse = Jvm.options(Map.of("UseAVX", "0", "MaxVectorSize", "16"));
    expectWarning(
        "has AVX2", "-XX:UseAVX=2", finding("vectors", machine(Set.of("avx", "avx2")), sse));
  }

  @Test
  void otherProcessorsAndJvmsAreNotGuessedAt() {
    JvmFacts arm = Jvm.options(Map.of("MaxVectorSize", "16"));
    assertEquals(
        Finding.ok("vectors", "C2 uses 128 bits"),
        finding("vectors", machine(Set.of("asimd")), arm));
    JvmFacts other = Jvm.options(Map.of());
    for (String check : new String[] {"vectors", "multiply-add"}) {
      assertEquals(Status.NOT_APPLICABLE, finding(check, machine(Set.of()), other).status(), check);
    }
  }

  @Test
  void missingMultiplyAddHasFailed() {
    Finding finding = finding("multiply-add", machine(AVX512), Jvm.option("UseFMA", "false"));
    assertEquals(Status.FAILED, finding.status());
    assertTrue(finding.remedy().contains("without -XX:-UseFMA"), finding.remedy());
  }

  @Test
  void fewerProcessorsHaveAReason() {
    expectWarning(
        "java uses 1 of the machine's 8, as -XX:ActiveProcessorCount=1 says",
        "without -XX:ActiveProcessorCount",
        finding("processors", using(1, 8, NO_QUOTA), Jvm.option("ActiveProcessorCount", "1")));
    expectWarning(
        "taskset", "--cpuset-cpus=0-7", finding("processors", using(2, 2, NO_QUOTA), Jvm.FINE));
    expectWarning(
        "because of the quota below",
        "--cpus=8",
        finding("processors", using(2, 8, OptionalDouble.of(1.5)), Jvm.FINE));
  }

  @ParameterizedTest
  @CsvSource({"2, OK, ''", "4, OK, ''", "1.5, WARNING, --threads 1", "0.5, WARNING, --cpus=1"})
  void aQuotaBelowTheThreadsIsAWarning(double quota, Status status, String remedy) {
    Finding finding = finding("quota", using(2, 8, OptionalDouble.of(quota)), Jvm.FINE);
    assertEquals(status, finding.status(), finding.toString());
    assertTrue(finding.remedy().contains(remedy), finding.toString());
  }

  @Test
  void readsTheAffinity() {
    String status = "Name:\tjava\nCpus_allowed:\t1f\nCpus_allowed_list:\t0-3,8,10-11\n";
    assertEquals(Optional.of(7), ProcessorFacts.affinity(status));
    assertEquals(Optional.empty(), ProcessorFacts.affinity(""));
  }

  @Test
  void readsTheSmallestQuotaOfNestedGroups(@TempDir Path root) throws Exception {
    Path group = Files.createDirectories(root.resolve("pod/container"));
    Files.writeString(group.resolve("cpu.max"), "max 100000\n");
    assertEquals(NO_QUOTA, ProcessorFacts.quota(root, "0::/pod/container\n"));
    Files.writeString(root.resolve("pod/cpu.max"), "150000 100000\n");
    assertEquals(OptionalDouble.of(1.5), ProcessorFacts.quota(root, "0::/pod/container\n"));
    Files.writeString(group.resolve("cpu.max"), "50000 100000\n");
    assertEquals(OptionalDouble.of(0.5), ProcessorFacts.quota(root, "0::/pod/container\n"));
    assertEquals(NO_QUOTA, ProcessorFacts.quota(root, "0::/../outside\n"));
    assertEquals(NO_QUOTA, ProcessorFacts.quota(root, ""));
  }

  @Test
  void readsTheQuotaOfTheFirstVersion(@TempDir Path root) throws Exception {
    Path group = Files.createDirectories(root.resolve("cpu,cpuacct/docker/abc"));
    Files.writeString(group.resolve("cpu.cfs_quota_us"), "-1\n");
    Files.writeString(group.resolve("cpu.cfs_period_us"), "100000\n");
    String membership = "5:cpuset:/x\n4:cpu,cpuacct:/docker/abc\n0::/\n";
    assertEquals(NO_QUOTA, ProcessorFacts.quota(root, membership));
    Files.writeString(group.resolve("cpu.cfs_quota_us"), "200000\n");
    assertEquals(OptionalDouble.of(2), ProcessorFacts.quota(root, membership));
  }

  @Test
  void inAContainerThatSeesItsGroupAsTheRootThatIsRead(@TempDir Path root) throws Exception {
    Files.writeString(root.resolve("cpu.max"), "50000 100000\n");
    assertEquals(OptionalDouble.of(0.5), ProcessorFacts.quota(root, "0::/not/visible/here\n"));
  }

  @Test
  void readsThisMachine() {
    ProcessorFacts here = ProcessorFacts.here();
    assertEquals(Runtime.getRuntime().availableProcessors(), here.visible());
    assertFalse(here.processor().name().isBlank());
  }
}

package org.sepconv.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.Conv2d;
import org.sepconv.KernelKind;
import org.sepconv.cost.Cost;

class OperationsTest {

  @Test
  void theSameSeedGivesTheSameOperations() {
    assertEquals(Operations.random(40, 3), Operations.random(40, 3));
    assertNotEquals(Operations.random(40, 3), Operations.random(40, 4));
  }

  @Test
  void randomOperationsReachEveryCorner() {
    List<Workload> workloads = Operations.random(400, 1);
    Set<Integer> kernels = new HashSet<>();
    Set<KernelKind> kinds = new HashSet<>();
    for (Workload workload : workloads) {
      assertTrue(Cost.of(workload.convolution(), workload.input()).flops() <= 2e9);
      assertTrue(workload.bytes() <= 64e6);
      kinds.add(KernelKind.of(workload.convolution()));
      if (workload.convolution() instanceof Conv2d conv) {
        kernels.add(conv.kernelH());
      }
    }
    assertEquals(Set.of(1, 3, 5, 7), kernels);
    assertEquals(4, kinds.size());
    assertTrue(workloads.stream().anyMatch(load -> load.input().c() < 3));
    assertTrue(workloads.stream().anyMatch(load -> load.input().c() > 800));
    assertTrue(workloads.stream().anyMatch(load -> load.input().h() < 9));
    assertTrue(workloads.stream().anyMatch(load -> load.input().h() > 180));
  }

  @ParameterizedTest
  @EnumSource
  void coveringOperationsAreOfTheirKindAndSpread(KernelKind kind) {
    List<Workload> workloads = Operations.covering(kind, 40);
    assertEquals(40, workloads.size());
    long ofKind =
        workloads.stream().filter(load -> KernelKind.of(load.convolution()) == kind).count();
    assertEquals(40, ofKind);
    assertTrue(new HashSet<>(workloads).size() >= 38);
    assertTrue(workloads.stream().anyMatch(load -> load.input().h() < 10));
    assertTrue(workloads.stream().anyMatch(load -> load.input().h() > 100));
  }
}

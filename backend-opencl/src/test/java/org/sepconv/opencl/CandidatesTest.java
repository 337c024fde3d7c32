package org.sepconv.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every tile and block, also those that the default choice takes for large shapes only. */
class CandidatesTest {
  @BeforeEach
  void requireDevice() {
    Devices.require();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu"})
  void areAllRight(String family) {
    assertEquals(List.of(), TinyShapes.run(family.equals("cpu")));
  }
}

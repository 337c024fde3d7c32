package org.sepconv.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.sepconv.conformance.Requirement;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendException;

/** The block is the same block in every library. */
class BlockTest {
  private static final String RESULT =
      "401408 values: 11.125, 3.25, -8.375, ...; their sum is -124.0\n";

  @Test
  void inSepconv() throws Exception {
    assertEquals(RESULT, Compiled.printed(() -> SepconvBlock.main(new String[0])));
  }

  @Test
  void inOnnxRuntime() throws Exception {
    assertEquals(RESULT, Compiled.printed(() -> OnnxRuntimeBlock.main(new String[0])));
  }

  /**
   * Sepconv's backend first: it knows whether the engine's natives are there, and keeps it offline.
   */
  @Test
  void inTheDeepJavaLibrary() throws Exception {
    try (Backends backends = Backends.discover()) {
      backends.backend("djl");
    } catch (BackendException missing) {
      Requirement.missing("djl", missing.getMessage());
    }
    assertEquals(RESULT, Compiled.printed(() -> DjlBlock.main(new String[0])));
  }
}

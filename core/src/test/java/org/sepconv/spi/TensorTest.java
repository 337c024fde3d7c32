package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Expect;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

class TensorTest {
  private static final TensorSpec SPEC = TensorSpec.nhwc(Shape.of(3, 1, 2));
  private static final float[] VALUES = {1, 2, 3, 4, 5, 6};
  private final FakeBackend backend = new FakeBackend("fake");
  private final Tensor tensor = backend.allocate(SPEC);

  @Test
  void startsAsZerosOfItsBackend() {
    assertSame(backend, tensor.backend());
    assertEquals(SPEC, tensor.spec());
    assertArrayEquals(new float[6], tensor.read());
  }

  @Test
  void movesArraysInAndOut() {
    tensor.write(VALUES);
    float[] first = tensor.read();
    assertArrayEquals(VALUES, first);
    assertNotSame(first, tensor.read());
    float[] target = new float[6];
    tensor.read(target);
    assertArrayEquals(VALUES, target);
  }

  @Test
  void movesSegmentsInAndOut() {
    try (Arena arena = Arena.ofConfined()) {
      tensor.write(arena.allocateFrom(ValueLayout.JAVA_FLOAT, VALUES).asReadOnly());
      MemorySegment target = arena.allocate(ValueLayout.JAVA_FLOAT, 6);
      tensor.read(target);
      assertArrayEquals(VALUES, target.toArray(ValueLayout.JAVA_FLOAT));
    }
  }

  @Test
  void refusesAnotherLength() {
    Expect.refused(() -> tensor.write(new float[5]), "5", "needs 6");
    Expect.refused(() -> tensor.read(new float[7]), "7", "needs 6");
    Expect.refused(() -> tensor.write(MemorySegment.ofArray(new byte[25])), "25 bytes");
    Expect.refused(() -> tensor.read(MemorySegment.ofArray(new byte[20])), "5", "needs 6");
    Expect.nullRefused(() -> tensor.write((float[]) null), "values");
    Expect.nullRefused(() -> tensor.read((float[]) null), "values");
    Expect.nullRefused(() -> tensor.write((MemorySegment) null), "values");
    Expect.nullRefused(() -> tensor.read((MemorySegment) null), "values");
  }

  @Test
  void doesNotReadIntoAReadOnlySegment() {
    MemorySegment segment = MemorySegment.ofArray(new float[6]).asReadOnly();
    Expect.refused(() -> tensor.read(segment), "read-only");
  }

  @Test
  void isOfNoUseOnceClosed() {
    tensor.close();
    tensor.close();
    assertEquals(List.of("tensor NHWC 1x3x1x2"), backend.released);
    Expect.failure(
        IllegalStateException.class,
        () -> tensor.write(VALUES),
        "tensor NHWC 1x3x1x2 of fake is closed");
    Expect.failure(IllegalStateException.class, tensor::read, "closed");
    backend.close(); // not held open by the refused ones
  }

  @Test
  void isOfNoUseOnceTheBackendIsClosed() {
    backend.close();
    Expect.failure(
        IllegalStateException.class, () -> tensor.write(VALUES), "backend fake is closed");
    tensor.close();
    assertEquals(List.of("backend", "tensor NHWC 1x3x1x2"), backend.released);
  }
}

package org.sepconv.cpu.tile;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.cpu.VectorModule;

/** Emitted code finds its parameters by their names, wherever the interface has them. */
class TileSignatureTest {
  private static final int BITS = 128;

  /** A vector from one array to another. */
  interface VectorCopy {
    void compute(float[] from, int fromOffset, float[] to, int toOffset);
  }

  /** The same in another order, and with what the code has no use for. */
  interface TurnedVectorCopy {
    void compute(int toOffset, float[] to, Object[] unused, int fromOffset, float[] from);
  }

  private static void copy(Emission emission) {
    VectorCode code = emission.vectors();
    int x = code.vectorLocal();
    code.load(x, emission.parameter("from"), emission.value("fromOffset"));
    code.store(x, emission.parameter("to"), emission.value("toOffset"));
  }

  @Test
  void theOrderOfParametersIsOfNoAccount() {
    VectorModule.assumePresent();
    float[] from = {0, 1, 2, 3, 4};
    float[] to = new float[6];
    Emission.newTile(VectorCopy.class, "VectorCopy", BITS, TileSignatureTest::copy)
        .compute(from, 1, to, 2);
    float[] turned = new float[6];
    Emission.newTile(TurnedVectorCopy.class, "TurnedVectorCopy", BITS, TileSignatureTest::copy)
        .compute(2, turned, null, 1, from);
    assertArrayEquals(new float[] {0, 0, 1, 2, 3, 4}, to);
    assertArrayEquals(to, turned);
  }

  @Test
  void namesAreThoseOfTheInterface() {
    assertEquals(
        List.of("from", "fromOffset", "to", "toOffset"),
        TileSignature.of(VectorCopy.class).parameters());
  }

  @Test
  void aNameThatIsNotThereIsRefused() {
    TileSignature signature = TileSignature.of(VectorCopy.class);
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> signature.index("source"));
    assertEquals(
        "no parameter is called source: [from, fromOffset, to, toOffset]", refusal.getMessage());
  }

  /** As a build without {@code -parameters} leaves it. */
  @Test
  void anInterfaceWithoutNamesIsRefused() throws IllegalAccessException {
    String name = getClass().getPackageName() + ".Nameless";
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(name),
                nameless ->
                    nameless
                        .withFlags(ClassFile.ACC_INTERFACE | ClassFile.ACC_ABSTRACT)
                        .withSuperclass(CD_Object)
                        .withMethod(
                            TileSignature.METHOD,
                            MethodTypeDesc.of(CD_void, CD_int),
                            ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT,
                            _ -> {}));
    Class<?> nameless = MethodHandles.lookup().defineClass(bytes);
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> TileSignature.of(nameless));
    assertEquals(
        "the parameters of " + name + ".compute have no names: compile it with javac -parameters",
        refusal.getMessage());
  }
}

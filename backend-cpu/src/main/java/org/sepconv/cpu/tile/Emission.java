package org.sepconv.cpu.tile;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.sepconv.cpu.tile.VectorCode.Index;

/** A tile's method {@code compute} being emitted: its code, and its parameters by name. */
final class Emission {
  private static final String DUMP = "sepconv.kernels.dump";

  /**
   * The last version of class files whose types the JVM infers: making stack maps for it is one
   * large method of the JDK, which C2 compiles for 0.1 s when the first tiles wait for it.
   */
  private static final int WITHOUT_STACK_MAPS = ClassFile.JAVA_5_VERSION;

  /**
   * Whether a fence that keeps loads from passing it is no instruction: on x86, where loads pass no
   * loads anyway. ARM has twice as many registers and would have to wait.
   */
  static final boolean FENCES = List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));

  private final CodeBuilder code;
  private final TileSignature signature;
  private final VectorCode vectors;
  private Index result = () -> {};

  private Emission(CodeBuilder code, TileSignature signature, int bits) {
    this.code = code;
    this.signature = signature;
    this.vectors = new VectorCode(code, bits);
  }

  VectorCode vectors() {
    return vectors;
  }

  /** What the method returns at its end, where it returns something. */
  void result(Index value) {
    result = value;
  }

  private void returnResult() {
    result.push();
    code.return_(TypeKind.from(signature.type().returnType()));
  }

  /** {@code if (heat > 0)} so many empty steps, and nothing else, in tiles that return nothing. */
  private void heat() {
    Index steps = value(TileSignature.HEAT);
    vectors.ifLess(
        vectors.constant(0),
        steps,
        () -> {
          vectors.idle(steps);
          returnResult();
        });
  }

  ActivationCode activation() {
    return activation(false);
  }

  /**
   * @param boundsBits see {@link Clamp#boundsBits}
   */
  ActivationCode activation(boolean boundsBits) {
    return new ActivationCode(vectors, boundsBits);
  }

  /** The slot of a parameter. */
  int parameter(String name) {
    return code.parameterSlot(signature.index(name));
  }

  /** The value of an {@code int} parameter. */
  Index value(String name) {
    return vectors.local(parameter(name));
  }

  /** C2 leaves the loads that follow behind it. It is no instruction; nothing where it were one. */
  void fence() {
    if (FENCES) {
      vectors.acquireFence();
    }
  }

  /**
   * Makes a class with this one method, loads it, and returns its only object. With {@code
   * -Dsepconv.kernels.dump=DIR} the class is written there too.
   */
  static <T> T newTile(Class<T> type, String name, int bits, Consumer<Emission> body) {
    TileSignature signature = TileSignature.of(type);
    ClassDesc self = ClassDesc.of(type.getPackageName() + "." + name);
    byte[] bytes =
        ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS)
            .build(
                self,
                builder -> {
                  builder.withVersion(WITHOUT_STACK_MAPS, 0);
                  builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
                  builder.withInterfaceSymbols(ClassDesc.ofDescriptor(type.descriptorString()));
                  builder.withMethodBody(
                      "<init>",
                      MethodTypeDesc.of(CD_void),
                      0,
                      code ->
                          code.aload(0)
                              .invokespecial(CD_Object, "<init>", MethodTypeDesc.of(CD_void))
                              .return_());
                  builder.withMethodBody(
                      TileSignature.METHOD,
                      signature.type(),
                      ClassFile.ACC_PUBLIC,
                      code -> {
                        Emission emission = new Emission(code, signature, bits);
                        if (signature.isHeated()) {
                          emission.heat();
                        }
                        body.accept(emission);
                        emission.returnResult();
                      });
                });
    dump(name, bytes);
    try {
      MethodHandles.Lookup hidden = MethodHandles.lookup().defineHiddenClass(bytes, true);
      return type.cast(
          hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class)).invoke());
    } catch (Throwable failure) {
      throw new IllegalStateException("emitted tile " + name + " does not load", failure);
    }
  }

  private static void dump(String name, byte[] bytes) {
    String folder = System.getProperty(DUMP);
    if (folder == null) {
      return;
    }
    try {
      Files.createDirectories(Path.of(folder));
      Files.write(Path.of(folder, name + ".class"), bytes);
    } catch (IOException failure) {
      throw new UncheckedIOException("-D" + DUMP + "=" + folder + " cannot be written", failure);
    }
  }
}

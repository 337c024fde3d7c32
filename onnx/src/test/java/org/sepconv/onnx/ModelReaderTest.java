package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sepconv.onnx.ModelBuilder.ints;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.proto.StringStringEntryProto;
import org.sepconv.onnx.proto.TensorProto;

/** What a file says, and what is refused of it. */
class ModelReaderTest {
  private static final float[] VALUES = {1, -2.5f, 0.099975586f, 65504};

  /** {@code y = x * values}, whose constant a tensor of the file is. */
  private static ModelBuilder scaling(TensorProto.Builder tensor) {
    return new ModelBuilder(13)
        .input("x", -1, 4)
        .tensor(tensor.setName("values"))
        .node("Mul", "x values", "y")
        .output("y");
  }

  private static TensorProto.Builder tensor(int type) {
    return TensorProto.newBuilder().setDataType(type).addDims(4);
  }

  private static float[] read(OnnxModel model) {
    OnnxNetwork network = model.network(1, 4);
    return Engines.run("reference", network, List.of(new float[] {1, 1, 1, 1})).getFirst();
  }

  private static ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteString raw() {
    ByteBuffer raw = bytes(16);
    raw.asFloatBuffer().put(VALUES);
    return ByteString.copyFrom(raw);
  }

  @Test
  void numbersOfEveryFloatingPointType() {
    TensorProto.Builder floats = tensor(1);
    TensorProto.Builder doubles = tensor(11);
    TensorProto.Builder halves = tensor(10);
    ByteBuffer raw = bytes(8);
    for (float value : VALUES) {
      floats.addFloatData(value);
      doubles.addDoubleData(value);
      halves.addInt32Data(Short.toUnsignedInt(Float.floatToFloat16(value)));
      raw.putShort(Float.floatToFloat16(value));
    }
    for (TensorProto.Builder tensor :
        List.of(
            floats,
            doubles,
            halves,
            tensor(1).setRawData(raw()),
            tensor(10).setRawData(ByteString.copyFrom(raw.flip())))) {
      assertArrayEquals(VALUES, read(OnnxModel.read(scaling(tensor).bytes())));
    }
    ByteBuffer brain = bytes(8);
    float[] wide = {1, -2.5f, 3.0e38f, 0.5f};
    for (float value : wide) {
      brain.putShort((short) (Float.floatToRawIntBits(value) >> 16));
    }
    float[] given =
        read(
            OnnxModel.read(
                scaling(tensor(16).setRawData(ByteString.copyFrom(brain.flip()))).bytes()));
    wide[2] = Float.intBitsToFloat(Float.floatToRawIntBits(wide[2]) & 0xffff0000);
    assertArrayEquals(wide, given);
  }

  private static TensorProto.Builder external(String location, long offset) {
    return tensor(1)
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue(location))
        .addExternalData(
            StringStringEntryProto.newBuilder().setKey("offset").setValue("" + offset));
  }

  @Test
  void weightsOfAnotherFile(@TempDir Path folder) throws IOException {
    Files.createDirectory(folder.resolve("inner"));
    ByteBuffer file = bytes(24);
    file.position(8);
    file.put(raw().asReadOnlyByteBuffer());
    Files.write(folder.resolve("inner/weights.bin"), file.array());
    byte[] model = scaling(external("inner/weights.bin", 8)).bytes();
    Path path = folder.resolve("model.onnx");
    Files.write(path, model);
    assertArrayEquals(VALUES, read(OnnxModel.read(path)));
    assertRefused("read the model from its path", () -> OnnxModel.read(model));
    Files.write(path, scaling(external("inner/weights.bin", 12)).bytes());
    assertRefused("beyond the end", () -> OnnxModel.read(path));
    Files.write(path, scaling(external("inner/weights.bin", Long.MAX_VALUE)).bytes());
    assertRefused("beyond the end", () -> OnnxModel.read(path));
    Files.write(path, scaling(external("inner", 0)).bytes());
    assertRefused("there is no file 'inner'", () -> OnnxModel.read(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../weights.bin", "inner/../../weights.bin", "/etc/passwd", "", "a\0b"})
  void filesElsewhereAreRefused(String location, @TempDir Path folder) throws IOException {
    Path inside = Files.createDirectories(folder.resolve("models/inner")).getParent();
    Files.write(folder.resolve("weights.bin"), new byte[16]);
    Path path = inside.resolve("model.onnx");
    Files.write(path, scaling(external(location, 0)).bytes());
    assertRefused("values", () -> OnnxModel.read(path));
  }

  @Test
  void symbolicLinksAreRefused(@TempDir Path folder) throws IOException {
    Path inside = Files.createDirectory(folder.resolve("models"));
    Files.write(folder.resolve("weights.bin"), new byte[16]);
    try {
      Files.createSymbolicLink(inside.resolve("link.bin"), folder.resolve("weights.bin"));
      Files.createSymbolicLink(inside.resolve("out"), folder);
    } catch (IOException | UnsupportedOperationException none) {
      Assumptions.abort("skipped: no symbolic links here: " + none);
    }
    Path path = inside.resolve("model.onnx");
    for (String location : List.of("link.bin", "out/weights.bin")) {
      Files.write(path, scaling(external(location, 0)).bytes());
      assertRefused("without symbolic links", () -> OnnxModel.read(path));
    }
  }

  private static void assertRefused(String part, Executable call) {
    String message = assertThrows(OnnxException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void everyNodeThatIsNotSupportedIsNamedAtOnce() {
    OnnxModel model =
        OnnxModel.read(
            new ModelBuilder(13)
                .input("x", 1, 4, 5, 5)
                .input("w", 2, 4, 3, 3)
                .node("NonZero", "x", "a")
                .node("Conv", "x w", "b")
                .node("Relu", "b", "c")
                .node("Frobnicate", "x", "d")
                .output("a")
                .output("c")
                .output("d")
                .bytes());
    assertRefused(
        "3 of 4 nodes cannot be run: NonZero a: there is no such operator here; "
            + "Conv b: the filter must be a constant, but is computed; Frobnicate d: there is",
        () -> model.network(List.of(List.of(1, 4, 5, 5), List.of(2, 4, 3, 3))));
  }

  @Test
  void sizesAreBoundedBeforeAnythingIsAllocated() {
    ModelBuilder filled =
        new ModelBuilder(13)
            .input("x", 1, 4)
            .integers("shape", 1 << 15, 1 << 15)
            .node("ConstantOfShape", "shape", "a")
            .node("Add", "x a", "y")
            .output("y");
    assertRefused("would have to be computed", () -> OnnxModel.read(filled.bytes()));
    ModelBuilder wide =
        new ModelBuilder(13)
            .input("x", 1, 4)
            .integers("repeats", 1 << 20, 1 << 28)
            .node("Tile", "x repeats", "y")
            .output("y");
    assertThrows(OnnxException.class, () -> OnnxModel.read(wide.bytes()).network(1, 4));
    ModelBuilder spread =
        new ModelBuilder(13)
            .input("x", 1, 4)
            .integers("shape", 1 << 28, 4)
            .node("Expand", "x shape", "y")
            .output("y");
    assertRefused("would have to be computed", () -> OnnxModel.read(spread.bytes()).network(1, 4));
    TensorProto.Builder huge = TensorProto.newBuilder().setDataType(1).addDims(1L << 40);
    assertRefused("a dimension is", () -> OnnxModel.read(scaling(huge).bytes()));
    TensorProto.Builder lying =
        TensorProto.newBuilder().setDataType(1).addDims(1 << 20).addDims(1 << 10).setRawData(raw());
    assertRefused("it has 16 bytes", () -> OnnxModel.read(scaling(lying).bytes()));
  }

  @Test
  void othersInputsAreRefusedBeforeARun() {
    OnnxModel model = OnnxModel.read(scaling(tensor(1).setRawData(raw())).bytes());
    assertEquals("[x [free, 4]]", model.inputs().toString());
    String message =
        assertThrows(IllegalArgumentException.class, () -> model.network(1, 5)).getMessage();
    assertEquals("the model takes x [free, 4], not [1, 5]", message);
    assertThrows(IllegalArgumentException.class, () -> model.network(1, 4, 1));
    assertThrows(IllegalArgumentException.class, () -> model.network(0, 4));
    assertThrows(IllegalArgumentException.class, () -> model.network(List.of()));
  }

  @Test
  void noModelsAreRefused() {
    assertRefused("not an ONNX model", () -> OnnxModel.read(new byte[0]));
    assertRefused("not an ONNX model", () -> OnnxModel.read(new byte[] {1, 2, 3, 4, 5}));
    assertRefused(
        "of operator set 5",
        () -> OnnxModel.read(new ModelBuilder(5).input("x", 1).output("x").bytes()));
    assertRefused(
        "takes 'z', which nothing before it gives",
        () ->
            OnnxModel.read(
                new ModelBuilder(13).input("x", 1).node("Relu", "z", "y").output("y").bytes()));
  }

  @Test
  void weightsAreTheSameObjectsForAllSizes() {
    OnnxModel model =
        OnnxModel.read(
            new ModelBuilder(13)
                .input("x", -1, 4, -1, -1)
                .weights("w", 6, 4, 3, 3)
                .weights("matrix", 6, 5)
                .weights("shift", 6, 1, 1)
                .weights("factor", 6, 1, 1)
                .node("Conv", "x w", "a")
                .node("Add", "a shift", "b")
                .node("Relu", "b", "c")
                .node("Mul", "c factor", "d")
                .node("Transpose", "d", "e", ints("perm", 0, 2, 3, 1))
                .node("MatMul", "e matrix", "y")
                .output("y")
                .bytes());
    OnnxNetwork small = model.network(1, 4, 5, 5);
    OnnxNetwork large = model.network(2, 4, 9, 8);
    assertEquals(3, small.weights().ofNodes().size());
    small
        .weights()
        .ofNodes()
        .forEach((name, weights) -> assertSame(weights, large.weights().ofNodes().get(name), name));
  }
}

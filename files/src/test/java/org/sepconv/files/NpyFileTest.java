package org.sepconv.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {
  private static final String PLAIN = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";

  @TempDir Path folder;

  @Test
  void writesTheBytesThatNumPyWrites() throws IOException {
    Path path = folder.resolve("x.npy");
    NpyFile.write(path, FloatArray.of("x", new float[] {0, 1, 2, 3, 4, 5}, 1, 1, 2, 3));
    // np.save of np.arange(6, dtype='<f4').reshape(1, 1, 2, 3), NumPy 2.4
    String header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 2, 3), }" + " ".repeat(52) + "\n";
    ByteBuffer expected = ByteBuffer.allocate(152).order(ByteOrder.LITTLE_ENDIAN);
    expected.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 0x76, 0});
    expected.put(header.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 6; i++) {
      expected.putFloat(i);
    }
    assertArrayEquals(expected.array(), Files.readAllBytes(path));
  }

  @ParameterizedTest
  @CsvSource({"3, 128", "1000000, 128"})
  void alignsTheValuesTo64Bytes(int size, int offset) throws IOException {
    Path path = folder.resolve("x.npy");
    NpyFile.write(path, FloatArray.of("x", new float[size], size));
    assertEquals(offset + 4L * size, Files.size(path));
  }

  @Test
  void aHeaderThatEndsOnABoundaryGetsAnother64BytesAsFromNumPy() throws IOException {
    // Magic to newline is 128 bytes with the size 100 at the end, and 127 with 10.
    Path path = folder.resolve("x.npy");
    NpyFile.write(
        path, FloatArray.of("x", new float[100], 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 100));
    assertEquals(192 + 4 * 100, Files.size(path));
    assertEquals(100, NpyFile.read(path).values().length);
    NpyFile.write(
        path, FloatArray.of("x", new float[10], 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 10));
    assertEquals(128 + 4 * 10, Files.size(path));
  }

  @Test
  void readsWhatItWrote() throws IOException {
    float[] values = {
      0, -0f, 1.5f, Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, Float.MAX_VALUE, -1e-20f
    };
    Path path = folder.resolve("x.npy");
    NpyFile.write(path, FloatArray.of("x", values, 2, 4));
    FloatArray read = NpyFile.read(path);
    assertArrayEquals(values, read.values());
    assertEquals(List.of(2, 4), read.shape());
    assertEquals(path.toString(), read.name());
  }

  @Test
  void readsArraysLongerThanItsBuffer() throws IOException {
    float[] values = new float[600_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Path path = folder.resolve("x.npy");
    NpyFile.write(path, FloatArray.of("x", values, values.length));
    assertArrayEquals(values, NpyFile.read(path).values());
  }

  @Test
  void readsASingleNumber() throws IOException {
    FloatArray read = NpyFile.read(file(1, PLAIN.replace("(3,)", "()"), 4));
    assertEquals(List.of(), read.shape());
    assertEquals(1, read.values().length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void readsEveryVersion(int version) throws IOException {
    assertEquals(List.of(3), NpyFile.read(file(version, PLAIN, 12)).shape());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"shape\":(3,),\"fortran_order\":False,\"descr\":\"<f4\"}",
        "{ 'shape' : ( 3L , ) , 'descr' : '<f4' , 'fortran_order' : False }   \n",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (3,), }",
      })
  void readsHeadersAsPythonDoes(String header) throws IOException {
    assertEquals(List.of(3), NpyFile.read(file(1, header, 12)).shape());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "<f8 ; float64 ('<f8')",
        "<f2 ; float16 ('<f2')",
        ">f4 ; big-endian float32 ('>f4')",
        "<i4 ; int32 ('<i4')",
        "|u1 ; uint8 ('|u1')",
        "|b1 ; bool ('|b1')",
        "<c8 ; complex64 ('<c8')",
        "<U5 ; another type ('<U5')",
      })
  void refusesOtherTypesAndSaysHowToConvertThem(String descr, String named) throws IOException {
    Path path = file(1, PLAIN.replace("<f4", descr), 12);
    String message = refusal(path);
    assertContains(message, path + " holds " + named);
    assertContains(message, "np.save('%s', np.load('%s').astype('<f4'))".formatted(path, path));
  }

  @Test
  void refusesRecords() throws IOException {
    String header = PLAIN.replace("'<f4'", "[('a', '<f4'), ('b', '<f4', (2,))]");
    assertContains(refusal(file(1, header, 12)), "records of several fields");
  }

  @Test
  void refusesFortranOrder() throws IOException {
    Path path = file(1, PLAIN.replace("False", "True").replace("(3,)", "(3, 1)"), 12);
    assertContains(refusal(path), "Fortran order");
    assertContains(refusal(path), "np.ascontiguousarray(np.load('" + path + "'))");
  }

  @ParameterizedTest
  @CsvSource({"11, is truncated", "0, is truncated", "13, something after", "16, something after"})
  void refusesAnotherLengthThanTheShapeNeeds(int bytes, String found) throws IOException {
    String message = refusal(file(1, PLAIN, bytes));
    assertContains(message, found);
    assertContains(message, "the shape (3,) needs 12 bytes of values, but " + bytes + " follow");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(0, 3) | every size must be at least 1",
        "(-1, 3) | every size must be at least 1",
        "(65536, 65536) | more than the 2147483639 values",
        "(4294967296, 4294967296, 4294967296) | more than the 2147483639 values",
        "(99999999999999999999999999,) | more than the 2147483639 values",
        "(1000000000,) | needs 4000000000 bytes",
      })
  void refusesAbsurdShapesBeforeTakingMemory(String shape, String found) throws IOException {
    assertContains(refusal(file(1, PLAIN.replace("(3,)", shape), 12)), found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'extra': 1}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3,)}",
        "{'descr': '', 'fortran_order': False, 'shape': (3,)}",
        "{'descr': '<f4, 'fortran_order': False, 'shape': (3,)}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (3,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 3}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3 4)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3.0,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)} x",
        "{'descr': [('a', '<f4'",
      })
  void refusesMalformedHeaders(String header) throws IOException {
    assertContains(refusal(file(1, header, 12)), "malformed header");
  }

  @Test
  void refusesWhatIsNotNumPy() throws IOException {
    assertContains(refusal(raw()), "not a NumPy file");
    assertContains(refusal(raw(0x93, 'N')), "not a NumPy file");
    assertContains(refusal(raw('h', 'e', 'l', 'l', 'o', '!', '!')), "not a NumPy file");
    assertContains(refusal(raw('P', 'K', 3, 4, 0, 0)), ".npz");
  }

  @Test
  void refusesFilesThatEndEarly() throws IOException {
    assertContains(refusal(raw(0x93, 'N', 'U', 'M', 'P', 'Y', 1)), "within the version");
    assertContains(refusal(raw(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 9)), "the header's length");
    assertContains(refusal(raw(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 9, 0, '{')), "the header");
  }

  @Test
  void refusesUnknownVersionsAndEndlessHeaders() throws IOException {
    assertContains(refusal(raw(0x93, 'N', 'U', 'M', 'P', 'Y', 4, 0, 0, 0)), "version 4.0");
    assertContains(refusal(raw(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 1, 0, 0)), "version 1.1");
    assertContains(refusal(raw(0x93, 'N', 'U', 'M', 'P', 'Y', 255, 0, 0, 0)), "version 255.0");
    Path endless = raw(0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, 255, 255, 255, 255);
    assertContains(refusal(endless), "4294967295 bytes");
  }

  @Test
  void refusesMissingFilesAndFolders() {
    Path missing = folder.resolve("missing.npy");
    IOException failure = assertThrows(IOException.class, () -> NpyFile.read(missing));
    assertEquals("there is no file " + missing, failure.getMessage());
    failure = assertThrows(IOException.class, () -> NpyFile.read(folder));
    assertContains(failure.getMessage(), "not a regular file");
  }

  private String refusal(Path path) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> NpyFile.read(path)).getMessage();
    assertTrue(message.startsWith(path.toString()), message);
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  private static void assertContains(String message, String part) {
    assertTrue(message.contains(part), () -> "'" + part + "' is not in: " + message);
  }

  private Path file(int version, String header, int bytes) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    content.write(header.length());
    content.write(0);
    content.writeBytes(new byte[version == 1 ? 0 : 2]);
    content.writeBytes(header.getBytes(StandardCharsets.UTF_8));
    content.writeBytes(new byte[bytes]);
    return Files.write(folder.resolve("x.npy"), content.toByteArray());
  }

  private Path raw(int... bytes) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(bytes.length);
    for (int value : bytes) {
      content.put((byte) value);
    }
    return Files.write(folder.resolve("x.npy"), content.array());
  }
}

package org.sepconv.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
  @TempDir private Path folder;

  private Path file(String header, byte... values) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text).put(values);
    return Files.write(folder.resolve("x.safetensors"), bytes.array());
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Map<String, FloatArray> arrays = new LinkedHashMap<>();
    arrays.put(
        "b.weight", FloatArray.of("b.weight", new float[] {1, -2, 3, 4, 5, Float.NaN}, 2, 3));
    arrays.put("a \"quoted\" é", FloatArray.of("a", new float[] {7}, 1));
    arrays.put("scalar", FloatArray.of("scalar", new float[] {8}));
    Path path = folder.resolve("weights.safetensors");
    SafetensorsFile.write(path, arrays);
    Map<String, FloatArray> read = SafetensorsFile.read(path);
    assertEquals(List.copyOf(arrays.keySet()), List.copyOf(read.keySet()));
    arrays.forEach(
        (name, array) -> {
          assertEquals(array.shape(), read.get(name).shape());
          assertArrayEquals(array.values(), read.get(name).values());
        });
    // The format wants values that start at a multiple of 8.
    byte[] bytes = Files.readAllBytes(path);
    assertEquals(0, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8);
  }

  /** 1.5 and -2 in each type; integers are left out. */
  @Test
  void everyFloatingPointTypeBecomesFloat32() throws IOException {
    ByteBuffer values = ByteBuffer.allocate(36).order(ByteOrder.LITTLE_ENDIAN);
    values.putDouble(1.5).putDouble(-2).putFloat(1.5f).putFloat(-2);
    values.putShort(Float.floatToFloat16(1.5f)).putShort(Float.floatToFloat16(-2));
    values.putShort((short) 0x3FC0).putShort((short) 0xC000).putInt(7);
    Path path =
        file(
            """
            {"__metadata__": {"format": "pt"},
             "double": {"dtype": "F64", "shape": [2], "data_offsets": [0, 16]},
             "float": {"dtype": "F32", "shape": [2], "data_offsets": [16, 24]},
             "half": {"dtype": "F16", "shape": [2], "data_offsets": [24, 28]},
             "brain": {"dtype": "BF16", "shape": [1, 2], "data_offsets": [28, 32]},
             "num_batches_tracked": {"dtype": "I32", "shape": [], "data_offsets": [32, 36]}}
            """,
            values.array());
    Map<String, FloatArray> read = SafetensorsFile.read(path);
    assertEquals(List.of("double", "float", "half", "brain"), List.copyOf(read.keySet()));
    read.values().forEach(array -> assertArrayEquals(new float[] {1.5f, -2}, array.values()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"x\": {\"dtype\": \"F32\", \"shape\": [3], \"data_offsets\": [0, 8]}}|do not fit",
        "{\"x\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [4, 12]}}|do not fit",
        "{\"x\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [-8, 0]}}|do not fit",
        "{\"x\": {\"dtype\": \"F32\", \"shape\": [0], \"data_offsets\": [0, 0]}}|at least 1",
        "{\"x\": {\"dtype\": \"F32\", \"shape\": [65536, 65536, 65536, 65536], \"data_offsets\": [0, 0]}}|do not fit",
        "{\"x\": {\"dtype\": \"F8\", \"shape\": [2], \"data_offsets\": [0, 8]}}|not one of",
        "{\"x\": {\"dtype\": \"F32\", \"shape\": 2, \"data_offsets\": [0, 8]}}|START_ARRAY is due",
        "{\"x\": {\"dtype\": \"F32\", \"shape\": [2.5], \"data_offsets\": [0, 8]}}|END_ARRAY is due",
        "{\"x\": {\"shape\": [2], \"data_offsets\": [0, 8]}}|lacks its dtype",
        "{\"x\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8], \"more\": 1}}|unknown more",
        "{\"x\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}, \"y\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}}|lies on",
        "{\"x\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}} {}|follows its object",
        "{\"x\": [[[[[[1]]]]]]}|START_OBJECT is due",
        "{\"x\"|malformed header",
        "[1]|START_OBJECT is due",
      })
  void aWrongHeaderIsRefused(String header, String reason) throws IOException {
    Path path = file(header, new byte[8]);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> SafetensorsFile.read(path));
    assertTrue(refused.getMessage().startsWith(path.toString()), refused.getMessage());
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
  }

  /** Whatever is done to a file, it is read or refused as malformed, and takes little memory. */
  @Test
  void noDamageGetsThrough() throws IOException {
    Path path = folder.resolve("x.safetensors");
    SafetensorsFile.write(
        path,
        Map.of(
            "features.0.weight", FloatArray.of("w", new float[24], 2, 3, 4),
            "features.0.bias", FloatArray.of("b", new float[2], 2)));
    DamagedFiles.check(Files.readAllBytes(path), path, SafetensorsFile::read, 7);
  }
}

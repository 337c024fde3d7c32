package org.sepconv.djl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module of methods only, in the format that {@code torch.jit.save} writes and the
 * engine loads: a zip of source text and of pickled attributes.
 *
 * <pre>
 *   version               format 3, the oldest that names operators as the source does here
 *   code/__torch__.py     the class
 *   data.pkl              its one instance: no attribute but "training", which every module has
 *   constants.pkl         an empty tuple
 * </pre>
 */
final class ScriptArchive {
  /** The type of {@code self} in the source of a method. */
  static final String SELF = "__torch__.Script";

  private static final byte[] EMPTY_TUPLE_PICKLE = {(byte) 0x80, 2, ')', '.'};

  private ScriptArchive() {}

  /**
   * The archive.
   *
   * @param methods source of the methods, each indented by two spaces
   */
  static byte[] of(String methods) {
    String code =
        "class Script(Module):\n"
            + "  __parameters__ = []\n"
            + "  __buffers__ = []\n"
            + "  training : bool\n"
            + methods;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "version", ascii("3\n"));
      store(zip, "data.pkl", instance());
      store(zip, "code/__torch__.py", ascii(code));
      store(zip, "constants.pkl", EMPTY_TUPLE_PICKLE);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // nothing leaves memory
    }
    return bytes.toByteArray();
  }

  /** The pickle of {@code Script()} with the attribute {@code training = False}. */
  private static byte[] instance() {
    byte[] training = ascii("training");
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(0x80); // PROTO
    pickle.write(2);
    pickle.writeBytes(ascii("c__torch__\nScript\n")); // GLOBAL
    pickle.write(')'); // EMPTY_TUPLE
    pickle.write(0x81); // NEWOBJ
    pickle.write('}'); // EMPTY_DICT
    pickle.write('('); // MARK
    pickle.write('X'); // BINUNICODE: little-endian length, text
    pickle.writeBytes(new byte[] {(byte) training.length, 0, 0, 0});
    pickle.writeBytes(training);
    pickle.write(0x89); // NEWFALSE
    pickle.write('u'); // SETITEMS
    pickle.write('b'); // BUILD
    pickle.write('.'); // STOP
    return pickle.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry("script/" + name);
    entry.setMethod(ZipEntry.STORED); // the engine's reader maps entries and expects them so
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

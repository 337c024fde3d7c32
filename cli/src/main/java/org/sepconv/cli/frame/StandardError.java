package org.sepconv.cli.frame;

import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Puts stderr back where the launcher found it.
 *
 * <p>The JVM prints a warning about the incubating Vector API before any code of ours runs. The
 * launcher therefore starts it with stderr going nowhere, and the real one as another descriptor,
 * whose number it passes on.
 */
public final class StandardError {

  /** The descriptor of the real stderr; set by the launcher. */
  private static final String PROPERTY = "sepconv.stderr";

  private static final int STDERR = 2;

  private StandardError() {}

  /** Does nothing if the launcher left stderr alone. */
  @SuppressWarnings("restricted") // the launcher enables native access
  public static void restore() {
    Integer real = Integer.getInteger(PROPERTY);
    if (real == null) {
      return;
    }
    try {
      Linker linker = Linker.nativeLinker();
      var dup2 = linker.defaultLookup().findOrThrow("dup2");
      MethodHandle call =
          linker.downcallHandle(
              dup2,
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
      if ((int) call.invokeExact((int) real, STDERR) == STDERR) {
        return;
      }
    } catch (Throwable _) {
      // Whatever kept us from it: at least everything that Java prints shall be seen.
    }
    redirectJava(real);
  }

  /**
   * The same, but only once Java prints to it: calling native code takes the JVM a tenth of a
   * second to prepare. For what opens no device, so that no native library has anything to print.
   */
  public static void restoreWhenWritten() {
    if (Integer.getInteger(PROPERTY) != null) {
      System.setErr(new PrintStream(new Restored(), true, System.err.charset()));
    }
  }

  /** The real stderr, put back by the first write. */
  private static final class Restored extends OutputStream {
    private @Nullable PrintStream real;

    @Override
    public void write(int value) {
      real().write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      real().write(bytes, offset, length);
    }

    @Override
    public void flush() {
      if (real != null) {
        real.flush();
      }
    }

    private PrintStream real() {
      if (real == null) {
        PrintStream lazy = System.err;
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true));
        restore();
        real = System.err;
        System.setErr(lazy);
      }
      return real;
    }
  }

  private static void redirectJava(int real) {
    try {
      System.setErr(new PrintStream(new FileOutputStream("/dev/fd/" + real), true));
    } catch (FileNotFoundException _) {
      System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.out), true));
    }
  }
}

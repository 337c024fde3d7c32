package org.sepconv.cpu.fault;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.InvocationTargetException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sepconv.conformance.process.ProcessState;

/**
 * Whichever allocation of opening, preparing, running and closing fails for want of memory: it ends
 * with that error or says so, closing does not wait for a use that never ended, no thread is left,
 * and the next one gives the bits that it should. The library is loaded once more for that, with a
 * call before each of its allocations.
 */
class AllocationFaultsTest {
  private static final ClassDesc ALLOCATIONS = ClassDesc.of(Allocations.class.getName());
  private static final MethodTypeDesc VOID = MethodTypeDesc.of(ConstantDescs.CD_void);

  /** About as many are tried of those that there are; all of the first. */
  private static final int TRIED = 400;

  private static final int FIRST = 100;

  /** The library's classes, changed; {@link Allocations} and all else are the parent's. */
  private static final class Counting extends ClassLoader {
    private final ClassFile classFile =
        ClassFile.of(
            ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(getParent())
                    .orElse(ClassHierarchyResolver.defaultResolver())));

    Counting() {
      super(AllocationFaultsTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("org.sepconv.") || name.equals(Allocations.class.getName())) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] changed =
            classFile.transformClass(
                classFile.parse(in.readAllBytes()),
                ClassTransform.transformingMethodBodies(
                    method -> !method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME),
                    counting()));
        return defineClass(name, changed, 0, changed.length);
      } catch (IOException failure) {
        throw new ClassNotFoundException(name, failure);
      }
    }

    private static CodeTransform counting() {
      return (builder, element) -> {
        switch (element) {
          case NewObjectInstruction _,
              NewPrimitiveArrayInstruction _,
              NewReferenceArrayInstruction _,
              NewMultiArrayInstruction _ ->
              builder.invokestatic(ALLOCATIONS, "next", VOID);
          default -> {}
        }
        builder.with(element);
      };
    }
  }

  private final Object application;

  AllocationFaultsTest() throws ReflectiveOperationException {
    application =
        new Counting().loadClass(Application.class.getName()).getConstructor().newInstance();
  }

  private float[] compute() throws Throwable {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(application.getClass().getClassLoader()); // of the backends
    try {
      return (float[]) application.getClass().getMethod("computeCold").invoke(application);
    } catch (InvocationTargetException failure) {
      throw failure.getCause();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  @Timeout(300)
  void nothingIsLeftAndTheNextOneIsRight() throws Throwable {
    Allocations.fail(0);
    float[] expected = compute(); // initialises all classes
    assertArrayEquals(new Application().computeCold(), expected);
    Allocations.fail(0);
    compute();
    long all = Allocations.count();
    assertTrue(all > TRIED, all + " allocations");
    long step = Math.max(1, (all - FIRST) / (TRIED - FIRST));
    int failed = 0;
    for (long number = 1; number <= all; number += number <= FIRST ? 1 : step) {
      Allocations.fail(number);
      try {
        compute();
      } catch (Throwable failure) {
        assertInstanceOf(OutOfMemoryError.class, root(failure), () -> "" + failure);
        failed++;
      }
    }
    Allocations.fail(0);
    System.out.printf("%d of %d allocations failed%n", failed, all);
    assertTrue(failed > TRIED / 2, failed + " failures of " + all + " allocations");
    assertArrayEquals(expected, compute());
    assertEquals(Set.of(), ProcessState.threadsLeft("sepconv-"));
  }

  private static Throwable root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}

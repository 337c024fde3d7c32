package org.sepconv.cpu.tile;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.IntConsumer;

/**
 * The vocabulary in which tiles are emitted: load, broadcast, multiply-add, clamp, store, loop.
 *
 * <p>Every vector lives in a local variable and every loop inside the method, since C2 keeps
 * vectors in registers only there: one that goes through an array or a call that is not inlined
 * costs 5 to 20 times the speed.
 */
final class VectorCode {
  private static final String PACKAGE = "jdk.incubator.vector.";
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "FloatVector");
  private static final ClassDesc INT_VECTOR = ClassDesc.of(PACKAGE + "IntVector");
  private static final ClassDesc ANY_VECTOR = ClassDesc.of(PACKAGE + "Vector");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE + "VectorMask");
  private static final ClassDesc SHUFFLE = ClassDesc.of(PACKAGE + "VectorShuffle");
  private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE + "VectorOperators");
  private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
  private static final ClassDesc VAR_HANDLE = ClassDesc.of("java.lang.invoke.VarHandle");
  private static final ClassDesc FLOATS = CD_float.arrayType();

  private final CodeBuilder code;
  private final String species;

  VectorCode(CodeBuilder code, int bits) {
    this.code = code;
    this.species = "SPECIES_" + bits;
  }

  /** An {@code int} that is computed while the code runs. */
  interface Index {
    void push();
  }

  /** A {@code float} that is there while the code runs. */
  interface Scalar {
    void push();
  }

  Scalar literal(float value) {
    return () -> code.loadConstant(value);
  }

  /** The {@code float} in this slot. */
  Scalar scalar(int slot) {
    return () -> code.fload(slot);
  }

  int vectorLocal() {
    return code.allocateLocal(TypeKind.REFERENCE);
  }

  int intLocal() {
    return code.allocateLocal(TypeKind.INT);
  }

  Index local(int slot) {
    return () -> code.iload(slot);
  }

  Index constant(int value) {
    return () -> code.loadConstant(value);
  }

  Index plus(Index a, Index b) {
    return () -> {
      a.push();
      b.push();
      code.iadd();
    };
  }

  Index plus(Index a, int b) {
    return b == 0 ? a : plus(a, constant(b));
  }

  Index minus(Index a, Index b) {
    return () -> {
      a.push();
      b.push();
      code.isub();
    };
  }

  Index arrayLength(int arraySlot) {
    return () -> {
      code.aload(arraySlot);
      code.arraylength();
    };
  }

  Index times(Index a, int b) {
    return switch (b) {
      case 0 -> constant(0);
      case 1 -> a;
      default -> product(a, b);
    };
  }

  Index product(Index a, Index b) {
    return () -> {
      a.push();
      b.push();
      code.imul();
    };
  }

  private Index product(Index a, int b) {
    return () -> {
      a.push();
      code.loadConstant(b);
      code.imul();
    };
  }

  /** {@code array[index]} of an {@code int[]}. */
  Index element(int arraySlot, Index index) {
    return () -> {
      code.aload(arraySlot);
      index.push();
      code.iaload();
    };
  }

  void set(int slot, Index value) {
    value.push();
    code.istore(slot);
  }

  void increment(int slot, Index by) {
    set(slot, plus(local(slot), by));
  }

  /** {@code vector = array[index .. index + lanes - 1]}. */
  void load(int vector, int arraySlot, Index index) {
    pushSpecies();
    code.aload(arraySlot);
    index.push();
    code.invokestatic(VECTOR, "fromArray", MethodTypeDesc.of(VECTOR, SPECIES, FLOATS, CD_int));
    code.astore(vector);
  }

  /** {@code vector = array[index]} in every lane. */
  void broadcast(int vector, int arraySlot, Index index) {
    pushSpecies();
    code.aload(arraySlot);
    index.push();
    code.faload();
    code.invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, CD_float));
    code.astore(vector);
  }

  /** {@code vector = value} in every lane. */
  void broadcast(int vector, Scalar value) {
    pushSpecies();
    value.push();
    code.invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, CD_float));
    code.astore(vector);
  }

  void zero(int vector) {
    pushSpecies();
    code.invokestatic(VECTOR, "zero", MethodTypeDesc.of(VECTOR, SPECIES));
    code.astore(vector);
  }

  void add(int a, int b, int sum) {
    code.aload(a);
    code.aload(b);
    code.invokevirtual(VECTOR, "add", MethodTypeDesc.of(VECTOR, ANY_VECTOR));
    code.astore(sum);
  }

  void multiply(int a, int b, int product) {
    code.aload(a);
    code.aload(b);
    code.invokevirtual(VECTOR, "mul", MethodTypeDesc.of(VECTOR, ANY_VECTOR));
    code.astore(product);
  }

  void copy(int from, int to) {
    code.aload(from);
    code.astore(to);
  }

  /** {@code sum = a * b + sum}, rounded once. */
  void multiplyAdd(int a, int b, int sum) {
    code.aload(a);
    code.aload(b);
    code.aload(sum);
    code.invokevirtual(VECTOR, "fma", MethodTypeDesc.of(VECTOR, ANY_VECTOR, ANY_VECTOR));
    code.astore(sum);
  }

  /** {@code mask} = the lanes where a compares so with b. */
  void compare(int a, String comparison, int b, int mask) {
    code.aload(a);
    code.getstatic(OPERATORS, comparison, COMPARISON);
    code.aload(b);
    code.invokevirtual(VECTOR, "compare", MethodTypeDesc.of(MASK, COMPARISON, ANY_VECTOR));
    code.astore(mask);
  }

  /** Puts the maximum ({@code max}) or minimum of integers, the bits of both, in its place. */
  void boundBits(int vector, String operation, int bits) {
    code.aload(vector);
    code.invokevirtual(VECTOR, "reinterpretAsInts", MethodTypeDesc.of(INT_VECTOR));
    code.aload(bits);
    code.invokevirtual(INT_VECTOR, operation, MethodTypeDesc.of(INT_VECTOR, ANY_VECTOR));
    code.invokevirtual(INT_VECTOR, "reinterpretAsFloats", MethodTypeDesc.of(VECTOR));
    code.astore(vector);
  }

  /** {@code bits} = the bits of a value in every lane. */
  void broadcastBits(int bits, Scalar value) {
    pushSpecies();
    value.push();
    code.invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, CD_float));
    code.invokevirtual(VECTOR, "reinterpretAsInts", MethodTypeDesc.of(INT_VECTOR));
    code.astore(bits);
  }

  /** 1 if a lane is NaN, else 0. */
  Index anyNaN(int vector) {
    return () -> {
      code.aload(vector);
      code.getstatic(OPERATORS, "NE", COMPARISON);
      code.aload(vector);
      code.invokevirtual(VECTOR, "compare", MethodTypeDesc.of(MASK, COMPARISON, ANY_VECTOR));
      code.invokevirtual(MASK, "anyTrue", MethodTypeDesc.of(CD_boolean));
    };
  }

  /** Puts the lane of {@code other} where a lane of {@code vector} compares so with it. */
  void replaceWhere(int vector, String comparison, int other) {
    code.aload(vector);
    code.aload(other);
    code.aload(vector);
    code.getstatic(OPERATORS, comparison, COMPARISON);
    code.aload(other);
    code.invokevirtual(VECTOR, "compare", MethodTypeDesc.of(MASK, COMPARISON, ANY_VECTOR));
    code.invokevirtual(VECTOR, "blend", MethodTypeDesc.of(VECTOR, ANY_VECTOR, MASK));
    code.astore(vector);
  }

  /** {@code array[index .. index + lanes - 1] = vector}. */
  void store(int vector, int arraySlot, Index index) {
    code.aload(vector);
    code.aload(arraySlot);
    index.push();
    code.invokevirtual(VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int));
  }

  /** {@code VarHandle.acquireFence()}. */
  void acquireFence() {
    code.invokestatic(VAR_HANDLE, "acquireFence", MethodTypeDesc.of(CD_void));
  }

  /** Stores the lanes that the mask has. */
  void store(int vector, int arraySlot, Index index, int mask) {
    code.aload(vector);
    code.aload(arraySlot);
    index.push();
    code.aload(mask);
    code.invokevirtual(VECTOR, "intoArray", MethodTypeDesc.of(CD_void, FLOATS, CD_int, MASK));
  }

  /** {@code mask} = the first {@code count} lanes. */
  void firstLanes(int mask, Index count) {
    pushSpecies();
    code.iconst_0();
    count.push();
    code.invokeinterface(SPECIES, "indexInRange", MethodTypeDesc.of(MASK, CD_int, CD_int));
    code.astore(mask);
  }

  /**
   * {@code shuffle = array[index]}, of an array of shuffles: C2 puts one that the code makes itself
   * on the heap in every call.
   */
  void shuffle(int shuffle, int arraySlot, Index index) {
    code.aload(arraySlot);
    index.push();
    code.aaload();
    code.checkcast(SHUFFLE);
    code.astore(shuffle);
  }

  /** {@code mask = array[index]}, of an array of masks. */
  void mask(int mask, int arraySlot, Index index) {
    code.aload(arraySlot);
    index.push();
    code.aaload();
    code.checkcast(MASK);
    code.astore(mask);
  }

  /** Gives each lane of {@code vector} the value of the lane that {@code shuffle} names. */
  void rearrange(int vector, int shuffle) {
    code.aload(vector);
    code.aload(shuffle);
    code.invokevirtual(VECTOR, "rearrange", MethodTypeDesc.of(VECTOR, SHUFFLE));
    code.astore(vector);
  }

  /** {@code mask} = the lanes whose bits are set. */
  void mask(int mask, long bits) {
    pushSpecies();
    code.loadConstant(bits);
    code.invokestatic(MASK, "fromLong", MethodTypeDesc.of(MASK, SPECIES, CD_long));
    code.astore(mask);
  }

  /** {@code result} = the lanes of b that the mask has, the others of a. */
  void blend(int a, int b, int mask, int result) {
    code.aload(a);
    code.aload(b);
    code.aload(mask);
    code.invokevirtual(VECTOR, "blend", MethodTypeDesc.of(VECTOR, ANY_VECTOR, MASK));
    code.astore(result);
  }

  /** {@code for (counter = from; counter < end; counter += step) body}. */
  void loop(int counter, Index from, Index end, int step, Runnable body) {
    Label test = code.newLabel();
    Label exit = code.newLabel();
    set(counter, from);
    code.labelBinding(test);
    code.iload(counter);
    end.push();
    code.if_icmpge(exit);
    body.run();
    code.iinc(counter, step);
    code.goto_(test);
    code.labelBinding(exit);
  }

  /**
   * {@code do { body; counter += step; } while (counter != end)}: C2 takes it for no counted loop,
   * so it leaves the checks of indexes in the body, where it joins those of an array.
   */
  void loopUntil(int counter, Index end, int step, Runnable body) {
    Label again = code.newLabel();
    code.labelBinding(again);
    body.run();
    code.iinc(counter, step);
    code.iload(counter);
    end.push();
    code.if_icmpne(again);
  }

  /** A loop that does nothing {@code steps} times. */
  void idle(Index steps) {
    loop(intLocal(), constant(0), steps, 1, () -> {});
  }

  /** {@code if (a < b) body}. */
  void ifLess(Index a, Index b, Runnable body) {
    Label exit = code.newLabel();
    a.push();
    b.push();
    code.if_icmpge(exit);
    body.run();
    code.labelBinding(exit);
  }

  static void each(int count, IntConsumer body) {
    for (int i = 0; i < count; i++) {
      body.accept(i);
    }
  }

  private void pushSpecies() {
    code.getstatic(VECTOR, species, SPECIES);
  }
}

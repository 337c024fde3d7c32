package org.sepconv.opencl.kernel;

import java.util.ArrayList;
import java.util.List;

/** Arguments in the order of a kernel's parameters. */
final class ArgumentList {
  private final List<Argument> arguments = new ArrayList<>();

  ArgumentList add(Argument... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  ArgumentList ints(int... values) {
    for (int value : values) {
      arguments.add(new Argument.Int(value));
    }
    return this;
  }

  /** The residual, where the convolution adds one, and the destination. */
  ArgumentList output(Operand operand) {
    if (operand.conv().residual()) {
      add(operand.residual());
    }
    return add(operand.destination());
  }

  /** The three parameters of an activation. */
  ArgumentList epilogue(Epilogue epilogue) {
    add(new Argument.Float(epilogue.low()), new Argument.Float(epilogue.high()));
    return ints(epilogue.kind());
  }

  List<Argument> list() {
    return arguments;
  }
}

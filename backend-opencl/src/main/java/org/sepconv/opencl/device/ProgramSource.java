package org.sepconv.opencl.device;

/** What is compiled. A value: equal ones are the same program. */
public interface ProgramSource {

  /** Names it in messages. */
  String name();

  /** Options for the compiler, beside those that every program has. */
  String options();

  /** The source, in OpenCL C 1.2. */
  String text();
}

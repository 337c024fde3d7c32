package org.sepconv.cases;

/** What came of one case on one backend. */
public sealed interface Outcome {

  Outcome PASSED = new Passed();

  /** The output is right. */
  record Passed() implements Outcome {}

  /** The backend says that it does not support the case. */
  record Unsupported(String reason) implements Outcome {}

  /** The output is wrong, or there is none. */
  record Failed(String message) implements Outcome {}
}

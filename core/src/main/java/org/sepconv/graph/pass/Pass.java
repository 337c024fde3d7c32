package org.sepconv.graph.pass;

/** One way to make a graph smaller. */
interface Pass {
  String name();

  /** Changes the graph, and notes each change in it. */
  void run(Draft draft);
}

package org.sepconv.bench;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.bench.implementation.Implementation;
import org.sepconv.bench.implementation.PreparedLayer;
import org.sepconv.bench.implementation.Workload;
import org.sepconv.cases.ShapeFile;
import org.sepconv.reference.Reference;

/** What a row measures: a layer, a whole network, or a model in a file. */
public sealed interface Subject permits BenchLayer, BenchNetwork, BenchModel {

  /** Of the layer, whatever variant of it, or of the network. */
  String layer();

  /** What is measured of it. */
  Variant variant();

  /** Unique among the subjects of a plan, without spaces. */
  String name();

  /** The operation in words. */
  String description();

  /** What a fork is told, in one line that {@link #parse} reads. */
  String line();

  /** In NCHW. */
  Problem problem();

  /** The numbers that every implementation gets: the same in every JVM. */
  Workload workload();

  /** What must come out, in NCHW, and how far it may be away. Slow. */
  Reference.Result answer();

  /** The shape of {@link #answer}. */
  default Shape answerShape() {
    return problem().destination().shape();
  }

  /** What a run gave, to be compared with {@link #answer}. */
  default float[] given(PreparedLayer prepared) {
    return prepared.output();
  }

  /** How many times further away an engine that is not ours may be. */
  double peerTolerance();

  /** How many times the bound what this one gives may be away. */
  default double tolerance(Implementation implementation) {
    return implementation.peer() ? peerTolerance() : 1;
  }

  /**
   * At most so many, evenly spread over all; the variants of a layer stay together, and at least
   * one is left.
   */
  static <S extends Subject> List<S> spread(List<S> layers, int count) {
    if (count >= layers.size()) {
      return layers;
    }
    List<String> names = layers.stream().map(Subject::layer).distinct().toList();
    int wanted = Math.max(1, (int) ((long) count * names.size() / layers.size()));
    Set<String> chosen = new HashSet<>();
    for (int i = 0; i < wanted; i++) {
      chosen.add(names.get((int) ((long) i * names.size() / wanted)));
    }
    return layers.stream().filter(layer -> chosen.contains(layer.layer())).toList();
  }

  /**
   * Parses what {@link #line} gives.
   *
   * @throws IllegalArgumentException if the line is none of these, or the file no such model
   * @throws IOException if the file of a model cannot be read
   */
  static Subject parse(String line) throws IOException {
    if (line.startsWith(BenchModel.PREFIX)) {
      return BenchModel.parse(line);
    }
    return line.startsWith(BenchNetwork.PREFIX)
        ? BenchNetwork.parse(line)
        : BenchLayer.given(ShapeFile.parseLine(line));
  }
}

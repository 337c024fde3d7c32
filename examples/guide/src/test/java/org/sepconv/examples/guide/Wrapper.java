package org.sepconv.examples.guide;

/**
 * What a piece of a program on a page may take for granted: imports, and values by their usual
 * names.
 */
final class Wrapper {
  private Wrapper() {}

  private static final String START =
      """
      import java.io.*;
      import java.nio.file.*;
      import java.time.*;
      import java.util.*;
      import org.apache.spark.sql.Dataset;
      import org.apache.spark.sql.Row;
      import org.apache.spark.sql.SparkSession;
      import org.sepconv.*;
      import org.sepconv.cost.*;
      import org.sepconv.files.*;
      import org.sepconv.graph.*;
      import org.sepconv.onnx.*;
      import org.sepconv.select.*;
      import org.sepconv.session.*;
      import org.sepconv.spark.*;
      import org.sepconv.spi.*;
      import org.sepconv.vision.*;

      class Piece {
        Backends backends;
        ConvBackend backend;
        Problem problem;
        Prepared prepared;
        Graph graph;
        GraphWeights weights;
        float[] pixels;
        float[] features;
        SparkSession spark;
        Dataset<Row> photos;
        String[] arguments;

        void piece() throws Exception {
      """;

  static String around(String piece) {
    return START + piece + "  }\n}\n";
  }
}

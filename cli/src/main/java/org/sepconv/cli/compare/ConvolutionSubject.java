package org.sepconv.cli.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.cases.Agreement;
import org.sepconv.cases.Agreement.Difference;
import org.sepconv.cases.Agreement.Differences;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.Expectation;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cli.text.Progress;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/** One convolution: every value of its output has a bound of its own. */
record ConvolutionSubject(Expectation expectation, Problem problem) implements Subject {

  /** Computes what must come out of each. */
  static List<Subject> of(List<ShapeCase> variants, Layout layout, long seed) {
    List<Subject> subjects = new ArrayList<>();
    try (Progress progress = Progress.start("reference", variants.size(), "")) {
      for (ShapeCase variant : variants) {
        progress.show(subjects.size(), variant.name() + " in float64");
        subjects.add(
            new ConvolutionSubject(
                Expectation.of(variant, DataKind.FLOATS, seed), variant.problem(layout)));
      }
    }
    return subjects;
  }

  @Override
  public String name() {
    return expectation.shape().name();
  }

  @Override
  public Weights weights() {
    return expectation.data().weights();
  }

  @Override
  public float[][] inputs() {
    return expectation.data().inputs(problem);
  }

  @Override
  public Check check(List<Tensor> outputs) {
    Tensor output = outputs.getFirst();
    Agreement agreement = expectation.agreement(output.read(), output.spec().layout());
    return new Check(
        agreement.worstError(), agreement.differences().map(all -> wrong(all, agreement.shape())));
  }

  @Override
  public String kernel(Prepared prepared) {
    return prepared.kernel();
  }

  /** What is wrong with an output of this shape, in a line. */
  private static String wrong(Differences all, Shape shape) {
    Difference first = all.first();
    return String.format(
        Locale.ROOT,
        "%,d of %,d values differ from the reference; the first at %s is %s, but should be %s"
            + " within %.1e",
        all.count(),
        shape.elements(),
        first.place(),
        first.actual(),
        (float) first.expected(),
        first.bound());
  }
}

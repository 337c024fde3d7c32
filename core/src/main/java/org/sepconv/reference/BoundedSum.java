package org.sepconv.reference;

/** A sum as it grows, and how far a float32 one may be from it. */
final class BoundedSum {
  private final Propagation propagation;
  private double sum;
  private double positive;
  private double negative;
  private double inherited;

  /**
   * @param first term, exact: a bias, or 0
   */
  BoundedSum(Propagation propagation, double first) {
    this.propagation = propagation;
    this.sum = first;
    this.positive = SumError.positive(first);
    this.negative = SumError.positive(-first);
  }

  /** Adds a term that has an error of its own. */
  void add(double term, double error) {
    sum += term;
    positive += SumError.positive(term);
    negative += SumError.positive(-term);
    inherited = propagation.add(inherited, error);
  }

  /** Adds {@code w} times a value of an input. */
  void addProduct(Reference.Result input, int index, double w) {
    double value = input.values()[index];
    add(value * w, SumError.inherited(value, input.bounds()[index], w));
  }

  /** Takes one more error into the last term. */
  void inherit(double error) {
    inherited = propagation.add(inherited, error);
  }

  double value() {
    return sum;
  }

  /**
   * The error of the sum.
   *
   * @param terms that were added at most
   */
  double error(int terms) {
    return SumError.of(sum, terms, positive, negative, propagation.total(inherited));
  }
}

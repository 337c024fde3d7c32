package org.sepconv.conformance;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What a deliberately wrong backend gets wrong, and which rules must notice. */
enum Fault {
  NONE(Rule.of()),
  /** The last tap of the filter is left out. */
  DROPPED_TAP(Rule.of(101, 106, 120, 201, 202), Rule.NUMBERS),
  /** The filter is read as KW x KH. */
  TRANSPOSED_FILTER(Rule.of(101, 120, 201), Rule.NUMBERS),
  /** The stride of one direction is used for the other. */
  SWAPPED_STRIDES(Rule.of(102, 120), Rule.of(103, 108, 112)),
  /** The stride is no larger than the kernel. */
  STRIDE_WITHIN_KERNEL(Rule.of(102), Rule.of(104)),
  IGNORED_DILATION(Rule.of(103, 120), Rule.of(107, 108, 112)),
  /** Half of the padding on each side, whatever was asked for. */
  CENTRED_PADDING(Rule.of(104, 120), Rule.of(102, 103, 108, 112)),
  /** SAME_LOWER is taken for SAME_UPPER. */
  UPPER_FOR_LOWER(Rule.of(104), Rule.of(102, 103)),
  /** The edge pixel is repeated where zeros belong. */
  REPEATED_EDGE(Rule.of(104, 105), Rule.NUMBERS),
  /** Channels past the last whole tile of 8 are not written. */
  DROPPED_CHANNEL_TAIL(Rule.of(106), Rule.NUMBERS),
  /** Output channel o of a depthwise convolution is computed from input channel o mod C. */
  MULTIPLIER_ORDER(Rule.of(107), Rule.of(101, 112)),
  IGNORED_GROUPS(Rule.of(107, 108), Rule.NUMBERS),
  BIAS_PER_PIXEL(Rule.of(110, 120), Rule.NUMBERS),
  ACTIVATION_BEFORE_BIAS(Rule.of(109, 120), Rule.NUMBERS),
  IGNORED_RESIDUAL(Rule.of(114, 120), Rule.of(101, 103, 105, 108, 203, 207)),
  RESIDUAL_AFTER_ACTIVATION(Rule.of(114, 120), Rule.of(101, 103, 105, 108, 203, 207)),
  /** The destination is cleared before the residual, which may be the same, is read. */
  RESIDUAL_READ_LATE(Rule.of(213)),
  /** Outputs are written over the residual as well. */
  MODIFIED_RESIDUAL(
      Rule.of(212),
      Rule.of(301, 303, 305, 207, 209, 405, 406, 407, 408, 507, 509, 701, 702, 704, 708)),
  FIRST_IMAGE_ONLY(Rule.of(111), Rule.NUMBERS),
  UNWRITTEN_LAST_ROW(Rule.of(101, 105, 120, 203, 209), Rule.NUMBERS),
  /** The output has the layout of the input, whatever was asked for. */
  SOURCE_LAYOUT(Rule.of(113, 120)),
  /** NHWC is not known at all. */
  IGNORED_LAYOUT(Rule.of(101, 113), Rule.NUMBERS),
  /** Inputs are rounded to float16. */
  HALF_PRECISION(Rule.of(120, 202, 204, 205), Rule.NUMBERS),
  /** ReLU of NaN is zero. */
  NAN_TO_ZERO(Rule.of(203, 204)),
  /** Inputs that are not finite count as zero. */
  NOT_FINITE_TO_ZERO(Rule.of(203, 204)),
  /** Breaks an optional rule only. */
  FLUSHED_SUBNORMALS(Rule.of()),
  /** Sums are taken in another order every second time. */
  UNSTABLE_ORDER(Rule.of(301, 303), Rule.of(209, 408, 507, 509, 701, 702, 704, 708)),
  /** The input of the first run is kept. */
  STALE_INPUT(Rule.of(207), Rule.of(702)),
  MODIFIED_SOURCE(Rule.of(208), Rule.of(209, 213, 301, 408, 509, 701, 702, 704, 707, 708)),
  /** The old output is added where it is a number. */
  ACCUMULATED_OUTPUT(Rule.of(209), Rule.of(213, 301, 408, 507, 509)),
  /** New tensors hold what was there before. */
  DIRTY_TENSORS(Rule.of(210)),
  /** The array that is written is kept instead of copied. */
  KEPT_ARRAY(Rule.of(507), Rule.of(211)),
  /** All runs of a prepared convolution share one scratch buffer. */
  SHARED_SCRATCH(Rule.of(303)),
  /** All convolutions of a backend share one scratch buffer. */
  SHARED_BACKEND_SCRATCH(Rule.of(303, 304)),
  /** Closing one convolution takes the weights of the others along. */
  CLOSES_OTHERS(Rule.of(304, 408), Rule.of(704, 708)),
  /** What supports() accepts is refused by prepare. */
  BROKEN_PROMISE(Rule.of(103, 508), Rule.of(107, 108, 112)),
  /** supports() refuses without a reason. */
  NO_REASON(Rule.of(508)),
  /** With more threads than there are processors, a part is left out. */
  MANY_THREADS(Rule.of(607)),
  UNKNOWN_SETTING_ACCEPTED(Rule.of(605)),
  FAILING_CONSTRUCTOR(Rule.of(601)),
  NOISY_PROBE(Rule.of(602)),
  CHANGING_PROBE(Rule.of(602)),
  UPPER_CASE_NAME(Rule.of(603)),
  FOREIGN_DEVICE_ID(Rule.of(604)),
  /** What one run needs keeps the tensors of the first run it served. */
  STALE_BINDING(Rule.of(702)),
  /** Two runs that are started before one is awaited: the second takes the place of the first. */
  SHARED_QUEUE(Rule.of(702)),
  /** What is adapted to another size loops over the old one. */
  ADAPTED_KEEPS_SIZE(Rule.of(704)),
  /** Closing takes the weights of what was adapted along. */
  ADAPTED_CLOSED_WITH_FIRST(Rule.of(704)),
  /** A kernel is said to run that does not. */
  EXPLAINS_ANOTHER(Rule.of(705)),
  /** A kernel is passed over without a reason. */
  EXPLAINS_WITHOUT_REASON(Rule.of(705)),
  /** Values are taken for float32, whatever the problem says. */
  TYPES_ACCEPTED(Rule.of(706)),
  /** An addition of the backend's own, which forgets the second input. */
  ADD_OF_ONE(Rule.of(707, 801)),
  /** Packed weights are kept by the weights object, and closed with whoever is closed first. */
  WEIGHTS_CLOSED_WITH_FIRST(Rule.of(708), Rule.of(204, 704, 707));

  /** Rules that must fail, every one of them. */
  final Set<Integer> caughtBy;

  /** Rules that may fail as well, because they meet the fault on their way. */
  final Set<Integer> mayFail;

  Fault(Set<Integer> caughtBy) {
    this(caughtBy, Set.of());
  }

  Fault(Set<Integer> caughtBy, Set<Integer> mayFail) {
    this.caughtBy = caughtBy;
    this.mayFail = mayFail;
  }

  /**
   * Whether the suite is to run this rule against this fault: those that must notice, and of the
   * others the quick ones, which must not.
   */
  boolean runs(int rule) {
    boolean aboutNumbers = rule < 200;
    return caughtBy.contains(rule)
        || (!Rule.SLOW.contains(rule)
            && (!aboutNumbers || caughtBy.stream().anyMatch(other -> other < 200)));
  }

  private static final class Rule {
    /** Rules that look at numbers: nearly all of them meet a tap that is missing. */
    private static final Set<Integer> NUMBERS = numbers();

    private static final Set<Integer> SLOW =
        Set.of(
            106, 109, 113, 114, 120, 130, 201, 202, 203, 205, 301, 303, 304, 305, 405, 406, 407,
            607);

    private static Set<Integer> of(Integer... rules) {
      return Set.of(rules);
    }

    private static Set<Integer> numbers() {
      Set<Integer> rules = new TreeSet<>(Set.of(209, 213, 607, 707));
      IntStream.rangeClosed(101, 130).forEach(rules::add);
      IntStream.rangeClosed(201, 207).forEach(rules::add);
      return rules;
    }
  }
}

package org.sepconv.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Padding;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;

/**
 * The numbers of a {@link ShapeCase}, each of which can be changed on its own: what a line of text
 * is read into, and what shrinking works on. They start as a 1 x 1 convolution with every parameter
 * at its usual value.
 */
final class CaseParameters {

  /** Which of the other numbers apply. */
  enum Form {
    SEPARABLE,
    DEPTHWISE,
    POINTWISE,
    STANDARD,
    GROUPED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  String name = "case";
  Form form = Form.STANDARD;
  int batch = 1;
  int inChannels = 1;
  int height = 1;
  int width = 1;
  int outChannels = 1;
  int kernelH = 1;
  int kernelW = 1;
  int strideH = 1;
  int strideW = 1;
  int dilationH = 1;
  int dilationW = 1;
  Padding padding = Padding.valid();
  int groups = 1;
  int multiplier = 1;

  /** Bias of the depthwise stage of a separable convolution. */
  boolean depthwiseBias;

  /** Bias of the only stage, or the pointwise one. */
  boolean bias;

  /** Whether a residual is added before the last activation. */
  boolean residual;

  /** Activation after the depthwise stage of a separable convolution. */
  Activation depthwiseActivation = Activation.NONE;

  /** Activation after the only stage, or the pointwise one. */
  Activation activation = Activation.NONE;

  static CaseParameters of(ShapeCase shape) {
    CaseParameters result = new CaseParameters();
    result.name = shape.name();
    result.batch = shape.input().n();
    result.inChannels = shape.input().c();
    result.height = shape.input().h();
    result.width = shape.input().w();
    result.residual = shape.convolution().residual();
    switch (shape.convolution()) {
      case Conv2d conv -> {
        result.form = form(conv);
        result.groups = result.form == Form.GROUPED ? conv.groups() : 1;
        result.outChannels = conv.outChannels();
        result.spatial(conv);
        result.bias = conv.bias();
        result.activation = conv.activation();
      }
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) -> {
        result.form = Form.SEPARABLE;
        result.outChannels = pointwise.outChannels();
        result.spatial(depthwise);
        result.depthwiseBias = depthwise.bias();
        result.depthwiseActivation = depthwise.activation();
        result.bias = pointwise.bias();
        result.activation = pointwise.activation();
      }
    }
    return result;
  }

  private static Form form(Conv2d conv) {
    return switch (conv.kind()) {
      case DEPTHWISE -> Form.DEPTHWISE;
      case POINTWISE -> Form.POINTWISE;
      case STANDARD -> Form.STANDARD;
      case GROUPED -> Form.GROUPED;
      case SEPARABLE, TRANSPOSED, POOLING, ELEMENTWISE, MATRIX, REARRANGEMENT, GRAPH ->
          throw new IllegalArgumentException("a Conv2d that is " + conv.kind());
    };
  }

  private void spatial(Conv2d conv) {
    kernelH = conv.kernelH();
    kernelW = conv.kernelW();
    strideH = conv.strideH();
    strideW = conv.strideW();
    dilationH = conv.dilationH();
    dilationW = conv.dilationW();
    padding = conv.padding();
    if (form == Form.DEPTHWISE || form == Form.SEPARABLE) {
      multiplier = conv.outputsPerGroup();
    }
  }

  /**
   * The case that these numbers describe.
   *
   * @throws IllegalArgumentException if there is no such convolution, naming the value
   */
  ShapeCase toCase() {
    return new ShapeCase(name, convolution(), new Shape(batch, inChannels, height, width));
  }

  private Convolution convolution() {
    if (form == Form.SEPARABLE) {
      return SeparableConv2d.of(inChannels, outChannels)
          .depthMultiplier(multiplier)
          .kernel(kernelH, kernelW)
          .stride(strideH, strideW)
          .dilation(dilationH, dilationW)
          .padding(padding)
          .bias(depthwiseBias, bias)
          .residual(residual)
          .activation(depthwiseActivation, activation)
          .build();
    }
    Conv2d.Builder builder =
        form == Form.DEPTHWISE
            ? Conv2d.depthwise(inChannels, multiplier)
            : Conv2d.of(inChannels, outChannels).groups(form == Form.GROUPED ? groups : 1);
    return builder
        .kernel(kernelH, kernelW)
        .stride(strideH, strideW)
        .dilation(dilationH, dilationW)
        .padding(padding)
        .bias(bias)
        .residual(residual)
        .activation(activation)
        .build();
  }

  /** The line of a {@link ShapeFile} that is read into these numbers; usual values are left out. */
  String line() {
    CaseParameters usual = new CaseParameters();
    List<String> words = new ArrayList<>();
    words.add(name);
    words.add(form.toString());
    words.add("in=" + (batch == 1 ? "" : batch + "x") + inChannels + "x" + height + "x" + width);
    if (form != Form.DEPTHWISE) {
      words.add("out=" + outChannels);
    }
    if (form == Form.GROUPED) {
      words.add("groups=" + groups);
    }
    if (multiplier != usual.multiplier) {
      words.add("multiplier=" + multiplier);
    }
    if (form != Form.POINTWISE) {
      words.add("kernel=" + pair(kernelH, kernelW));
    }
    addPair(words, "stride=", strideH, strideW);
    addPair(words, "dilation=", dilationH, dilationW);
    if (!padding.equals(usual.padding)) {
      words.add("padding=" + padding);
    }
    if (form == Form.SEPARABLE && bias != depthwiseBias) {
      words.add("bias=" + (bias ? "pointwise" : "depthwise"));
    } else if (bias) {
      words.add("bias=true");
    }
    if (residual) {
      words.add("residual=true");
    }
    if (form == Form.SEPARABLE && !activation.equals(depthwiseActivation)) {
      words.add("activation=" + depthwiseActivation + "/" + activation);
    } else if (!activation.equals(Activation.NONE)) {
      words.add("activation=" + activation);
    }
    return String.join(" ", words);
  }

  private static void addPair(List<String> words, String key, int vertical, int horizontal) {
    if (vertical != 1 || horizontal != 1) {
      words.add(key + pair(vertical, horizontal));
    }
  }

  private static String pair(int vertical, int horizontal) {
    return vertical == horizontal ? "" + vertical : vertical + "x" + horizontal;
  }
}

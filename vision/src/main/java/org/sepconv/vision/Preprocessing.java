package org.sepconv.vision;

import java.util.List;
import java.util.Objects;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.spi.HostTensor;
import org.sepconv.spi.Tensor;

/**
 * What happens to a picture before a network sees it: its size, its numbers, their order. One pass
 * goes from the decoded rows to the tensor; of the resized picture no more than a few rows exist at
 * a time. Immutable; any number of threads may use one.
 *
 * @param framing how it gets its size
 * @param interpolation how pixels of another size are made
 * @param normalisation what a level of 0 to 255 becomes
 * @param order of the channels
 * @param layout of the tensor, where it is made here
 * @param threads at most so many at a time, of the JVM's common pool; the results are the same
 */
public record Preprocessing(
    Framing framing,
    Interpolation interpolation,
    Normalisation normalisation,
    ChannelOrder order,
    Layout layout,
    int threads) {
  public Preprocessing {
    Objects.requireNonNull(framing, "framing");
    Objects.requireNonNull(interpolation, "interpolation");
    Objects.requireNonNull(normalisation, "normalisation");
    Objects.requireNonNull(order, "order");
    Objects.requireNonNull(layout, "layout");
    if (threads < 1) {
      throw new IllegalArgumentException(
          "threads is %d, but must be at least 1".formatted(threads));
    }
  }

  /**
   * In a framing, with PIL's bilinear resizing, from 0 to 1, RGB, NCHW, on all processors; the rest
   * is changed with the methods that begin with "with".
   */
  public static Preprocessing of(Framing framing) {
    return new Preprocessing(
        framing,
        Interpolation.BILINEAR_ANTIALIAS,
        Normalisation.unit(),
        ChannelOrder.RGB,
        Layout.NCHW,
        Runtime.getRuntime().availableProcessors());
  }

  /**
   * As torchvision's classifiers: shorter side 256, centre 224x224, ImageNet's means and
   * deviations, NCHW.
   */
  public static Preprocessing imagenet() {
    return of(new Framing.CentreCrop(256, 224, 224)).withNormalisation(Normalisation.imagenet());
  }

  /** As Inception and Xception: 299x299 without a crop, from -1 to 1, NCHW. */
  public static Preprocessing inception() {
    return of(new Framing.Stretch(299, 299)).withNormalisation(Normalisation.signed());
  }

  /** As Keras's MobileNets: 224x224 without a crop, from -1 to 1, NHWC. */
  public static Preprocessing tensorflow() {
    return of(new Framing.Stretch(224, 224))
        .withNormalisation(Normalisation.signed())
        .withLayout(Layout.NHWC);
  }

  public Preprocessing withFraming(Framing other) {
    return new Preprocessing(other, interpolation, normalisation, order, layout, threads);
  }

  public Preprocessing withInterpolation(Interpolation other) {
    return new Preprocessing(framing, other, normalisation, order, layout, threads);
  }

  public Preprocessing withNormalisation(Normalisation other) {
    return new Preprocessing(framing, interpolation, other, order, layout, threads);
  }

  public Preprocessing withOrder(ChannelOrder other) {
    return new Preprocessing(framing, interpolation, normalisation, other, layout, threads);
  }

  public Preprocessing withLayout(Layout other) {
    return new Preprocessing(framing, interpolation, normalisation, order, other, threads);
  }

  public Preprocessing withThreads(int most) {
    return new Preprocessing(framing, interpolation, normalisation, order, layout, most);
  }

  /** One picture as a tensor of batch 1. */
  public PictureTensor tensor(Picture picture) {
    return tensor(List.of(picture));
  }

  /**
   * Pictures as one batch.
   *
   * @throws IllegalArgumentException if there are none, or the framing gives them different sizes
   */
  public PictureTensor tensor(List<Picture> pictures) {
    List<Placement> placements = placements(pictures);
    TensorSpec spec = new TensorSpec(shape(placements), layout);
    float[] values = new float[spec.shape().elements()];
    write(pictures, placements, spec, values);
    return new PictureTensor(spec, values, placements);
  }

  /**
   * Writes pictures into a tensor of a backend, in that tensor's layout: directly where it is one
   * of the host.
   *
   * @return where each picture lies
   * @throws IllegalArgumentException if the tensor has not the shape of these pictures
   */
  public List<Placement> write(List<Picture> pictures, Tensor tensor) {
    List<Placement> placements = placements(pictures);
    Shape shape = shape(placements);
    if (!tensor.spec().shape().equals(shape)) {
      throw new IllegalArgumentException(
          "the tensor is %s, but these pictures make %s".formatted(tensor.spec().shape(), shape));
    }
    if (tensor instanceof HostTensor host) {
      write(pictures, placements, tensor.spec(), host.values());
    } else {
      float[] values = new float[shape.elements()];
      write(pictures, placements, tensor.spec(), values);
      tensor.write(values);
    }
    return placements;
  }

  private List<Placement> placements(List<Picture> pictures) {
    if (pictures.isEmpty()) {
      throw new IllegalArgumentException("there is no picture to make a tensor of");
    }
    List<Placement> placements = pictures.stream().map(framing::place).toList();
    if (!framing.widens()) {
      return placements;
    }
    int width = placements.stream().mapToInt(Placement::tensorWidth).max().orElseThrow();
    int height = placements.stream().mapToInt(Placement::tensorHeight).max().orElseThrow();
    return placements.stream().map(placement -> placement.in(width, height)).toList();
  }

  private Shape shape(List<Placement> placements) {
    Placement first = placements.getFirst();
    for (Placement other : placements) {
      if (other.tensorWidth() != first.tensorWidth()
          || other.tensorHeight() != first.tensorHeight()) {
        throw new IllegalArgumentException(
            "pictures of %dx%d and %dx%d do not fit one batch: make one for each size, or choose a framing that gives all the same"
                .formatted(
                    first.tensorWidth(),
                    first.tensorHeight(),
                    other.tensorWidth(),
                    other.tensorHeight()));
      }
    }
    return new Shape(
        placements.size(), order.channels(), first.tensorHeight(), first.tensorWidth());
  }

  private void write(
      List<Picture> pictures, List<Placement> placements, TensorSpec spec, float[] values) {
    int rows = spec.shape().h();
    int bandsEach = Math.ceilDiv(threads, pictures.size());
    Bands.Division division = Bands.of(rows, bandsEach);
    ResizedRows.Plan[] plans = new ResizedRows.Plan[pictures.size()];
    Bands.each(
        threads,
        plans.length,
        n ->
            plans[n] =
                ResizedRows.plan(pictures.get(n), placements.get(n).window(), interpolation));
    Bands.each(
        threads,
        pictures.size() * division.count(),
        task -> {
          int n = task / division.count();
          int band = task % division.count();
          new TensorRows(this, spec, values, n, placements.get(n))
              .write(plans[n].band(), division.begin(band), division.begin(band + 1));
        });
  }

  /**
   * An image of a batch as a picture: what {@link #normalisation} did is undone, and values outside
   * of 0 to 255 are clamped. A tensor of one channel becomes grey, by the normalisation of red.
   *
   * @param values of the whole tensor, in its layout
   * @param n which image
   * @throws IllegalArgumentException if the tensor has other channels than {@link #order}
   */
  public Picture picture(TensorSpec spec, float[] values, int n) {
    Shape shape = spec.shape();
    shape.checkLength("values", values.length);
    Objects.checkIndex(n, shape.n());
    if (shape.c() != order.channels()) {
      throw new IllegalArgumentException(
          "the tensor has %d channels, but %s has %d"
              .formatted(shape.c(), order, order.channels()));
    }
    byte[] samples = new byte[shape.c() * shape.h() * shape.w()];
    for (int y = 0; y < shape.h(); y++) {
      for (int x = 0; x < shape.w(); x++) {
        for (int c = 0; c < shape.c(); c++) {
          int colour = order.colour(c);
          float value = values[spec.layout().index(shape, n, c, y, x)];
          samples[(y * shape.w() + x) * shape.c() + colour] =
              Colours.sample(normalisation.level(value, colour));
        }
      }
    }
    return shape.c() == 1
        ? Picture.ofGrey(shape.w(), shape.h(), samples)
        : Picture.ofRgb(shape.w(), shape.h(), samples);
  }
}

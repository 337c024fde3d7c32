package org.sepconv.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sepconv.vision.DecodedImage;
import org.sepconv.vision.Picture;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.PictureException;
import org.sepconv.vision.filter.ColourPlanes;

/**
 * The column that has the pictures: contents of files, as the source {@code binaryFile} reads them,
 * or pixels, as the source {@code image} does.
 *
 * @param index of the column
 * @param pixels whether it is of the source {@code image}
 * @param path where a column {@code path} of text names the file; -1 where there is none
 */
record PictureColumn(int index, boolean pixels, int path) implements Serializable {

  private static final List<String> IMAGE =
      List.of("origin", "height", "width", "nChannels", "mode", "data");

  /**
   * @throws IllegalArgumentException if there is no such column, or it holds no pictures
   */
  static PictureColumn of(StructType schema, String name) {
    List<String> columns = Arrays.asList(schema.fieldNames());
    int index = columns.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "inputCol is '%s', but the columns are %s".formatted(name, columns));
    }
    DataType type = schema.fields()[index].dataType();
    boolean pixels =
        type instanceof StructType struct && Arrays.asList(struct.fieldNames()).equals(IMAGE);
    if (!pixels && !type.equals(DataTypes.BinaryType)) {
      throw new IllegalArgumentException(
          "inputCol '%s' is of type %s, but must be binary, as the source binaryFile gives it, or the struct of the source image"
              .formatted(name, type.catalogString()));
    }
    int path = columns.indexOf("path");
    boolean named = path >= 0 && schema.fields()[path].dataType().equals(DataTypes.StringType);
    return new PictureColumn(index, pixels, named ? path : -1);
  }

  /** What to decode in this row; empty where there is nothing. */
  Optional<PictureSource> source(Row row) {
    if (row.isNullAt(index)) {
      return Optional.empty();
    }
    if (pixels) {
      return Optional.of(new Pixels(row.getStruct(index)));
    }
    String name = path < 0 || row.isNullAt(path) ? "the picture" : row.getString(path);
    return Optional.of(new Content(row.getAs(index), name));
  }

  /** The content of a file. */
  record Content(byte[] file, String name) implements PictureSource {
    @Override
    public Picture picture(PictureDecoder decoder) throws PictureException {
      return decoder.decode(file, name);
    }

    @Override
    public ColourPlanes planes(PictureDecoder decoder) throws PictureException {
      DecodedImage decoded = decoder.image(file, name);
      return ColourPlanes.of(decoded.image()).upright(decoded.orientation());
    }

    @Override
    public long bytes() {
      return file.length;
    }
  }

  /** Rows from the top, each pixel blue, green, red, as OpenCV has them; or grey. */
  private record Pixels(Row image) implements PictureSource {
    @Override
    public Picture picture(PictureDecoder decoder) {
      int height = image.getInt(1);
      int width = image.getInt(2);
      int channels = image.getInt(3);
      byte[] data = image.getAs(5);
      if (height < 1 || width < 1 || channels != 1 && channels != 3 && channels != 4) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s is no picture: %d x %d pixels of %d channels",
                image.getString(0),
                width,
                height,
                channels));
      }
      if (data.length != (long) width * height * channels) {
        throw new IllegalArgumentException(
            "%s has %d bytes, but %d x %d pixels of %d channels"
                .formatted(image.getString(0), data.length, width, height, channels));
      }
      if (channels == 1) {
        return Picture.ofGrey(width, height, data);
      }
      byte[] rgb = new byte[width * height * 3];
      for (int from = 0, to = 0; from < data.length; from += channels, to += 3) {
        rgb[to] = data[from + 2];
        rgb[to + 1] = data[from + 1];
        rgb[to + 2] = data[from];
      }
      return Picture.ofRgb(width, height, rgb);
    }

    @Override
    public ColourPlanes planes(PictureDecoder decoder) {
      return ColourPlanes.of(picture(decoder));
    }

    @Override
    public long bytes() {
      return image.isNullAt(5) ? 0 : image.<byte[]>getAs(5).length;
    }
  }
}

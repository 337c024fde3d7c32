package org.sepconv.vision;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A picture cannot be read: there is no such file, it is not a picture, it is damaged or cut short,
 * or it is larger than the limits. The message is one sentence that names the file and what is
 * wrong; no other exception comes out of a file's content.
 */
public final class PictureException extends IOException {
  private static final long serialVersionUID = 1;

  private final String source;

  PictureException(String source, String sentence) {
    this(source, sentence, null);
  }

  PictureException(String source, String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
    this.source = source;
  }

  /** The file, as it was named when it was to be decoded. */
  public String source() {
    return source;
  }
}

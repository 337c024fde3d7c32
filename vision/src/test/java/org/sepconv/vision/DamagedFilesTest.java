package org.sepconv.vision;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sepconv.conformance.file.Mutations;

/**
 * Thousands of damaged files of each kind: each is a picture or a {@link PictureException} that
 * names it, and none takes memory that its size does not ask for. More with {@code
 * -Dsepconv.vision.mutations=100000}, through {@code sepconv.jvm.options}.
 */
class DamagedFilesTest {
  private static final int MUTATIONS = Integer.getInteger("sepconv.vision.mutations", 300);
  private static final int MAX_PIXELS = 1 << 20;

  /**
   * A decoder's image and tables, the upright copy; far less than what a damaged size can claim.
   */
  private static final long MOST_BYTES = 96L << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void areRefusedOrRead() throws IOException {
    PictureDecoder usual = PictureDecoder.standard().withMaxPixels(MAX_PIXELS);
    PictureDecoder other =
        usual
            .withAlpha(Alpha.overWhite())
            .withTruncated(PictureDecoder.Truncated.KEEP)
            .withSeveral(PictureDecoder.Several.REFUSE);
    for (Map.Entry<String, byte[]> file : SampleFiles.all().entrySet()) {
      int read = 0;
      for (int seed = 0; seed < MUTATIONS; seed++) {
        String name = file.getKey() + " damaged with seed " + seed;
        byte[] damaged = new Mutations(seed).of(file.getValue());
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
          Picture picture = (seed % 2 == 0 ? usual : other).decode(damaged, name);
          assertTrue((long) picture.width() * picture.height() <= MAX_PIXELS, name);
          picture.rgb(picture.width() - 1, picture.height() - 1);
          read++;
        } catch (PictureException refused) {
          assertTrue(refused.getMessage().contains(name), refused::getMessage);
        } catch (RuntimeException | Error wrong) {
          fail(name, wrong);
        }
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(taken < MOST_BYTES, () -> name + " took " + taken + " bytes");
      }
      assertTrue(read < MUTATIONS, file.getKey() + " is never damaged");
    }
  }
}

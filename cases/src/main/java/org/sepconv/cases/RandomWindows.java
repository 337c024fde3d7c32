package org.sepconv.cases;

import java.util.SplittableRandom;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Resampling;

/** Random windows that move over an image, and random ways to resize it. */
final class RandomWindows {
  private RandomWindows() {}

  static Resampling resampling(SplittableRandom random) {
    Resampling.Coordinates[] all = Resampling.Coordinates.values();
    Resampling.Coordinates coordinates = all[random.nextInt(all.length)];
    return switch (random.nextInt(4)) {
      case 0 -> Resampling.by(1 + random.nextInt(3), coordinates);
      case 1 ->
          new Resampling(
              new Resampling.Scale(0.3f + 2 * random.nextFloat(), 0.3f + 2 * random.nextFloat()),
              coordinates);
      default -> Resampling.to(1 + random.nextInt(24), 1 + random.nextInt(24), coordinates);
    };
  }

  static Pool2d pool(Pool2d.Function function, SplittableRandom random) {
    int h = 1 + random.nextInt(4);
    int w = 1 + random.nextInt(4);
    Padding padding =
        switch (random.nextInt(3)) {
          case 0 -> Padding.same();
          case 1 -> Padding.valid();
          default ->
              Padding.of(
                  random.nextInt(h), random.nextInt(w), random.nextInt(h), random.nextInt(w));
        };
    return new Pool2d(
        function,
        h,
        w,
        1 + random.nextInt(3),
        1 + random.nextInt(3),
        padding,
        random.nextBoolean());
  }
}

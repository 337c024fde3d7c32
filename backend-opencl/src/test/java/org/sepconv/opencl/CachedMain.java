package org.sepconv.opencl;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Layout;
import org.sepconv.cases.Checker;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.Outcome;
import org.sepconv.cases.ShapeCase;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;

/** Runs some shapes with the cache folder that the argument names, and prints what was wrong. */
public final class CachedMain {
  private CachedMain() {}

  public static void main(String[] arguments) {
    List<String> wrong = new ArrayList<>();
    BackendOptions options = BackendOptions.defaults().with("opencl.cache", arguments[0]);
    try (Backends backends = Backends.discover(options)) {
      for (ShapeCase shape : TinyShapes.all().subList(0, 4)) {
        Outcome outcome =
            Checker.check(
                backends.backend("opencl"), shape, Layout.NHWC, Layout.NHWC, DataKind.FLOATS, 1);
        if (!(outcome instanceof Outcome.Passed)) {
          wrong.add(outcome.toString());
        }
      }
    }
    System.out.println(wrong);
  }
}

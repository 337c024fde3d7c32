package org.sepconv.cli.frame;

import java.util.Iterator;
import org.sepconv.graph.Networks;

/** The names of the networks, for the help of an option and for a shell that completes it. */
public final class NetworkNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Networks.names().iterator();
  }
}

package org.sepconv.select;

/** How a device is chosen. */
public enum SelectionMode {
  /** By the cost model alone: nothing runs. */
  PREDICTED,
  /** By a trial of the devices that the cost model likes best; the answer is kept. */
  MEASURED
}

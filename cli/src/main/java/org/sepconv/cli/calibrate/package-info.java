/**
 * The cost model and the devices: measured and fitted by {@code sepconv calibrate}, and held
 * against other measurements by {@code sepconv accuracy}, whose document is {@code Accuracy}.
 */
package org.sepconv.cli.calibrate;

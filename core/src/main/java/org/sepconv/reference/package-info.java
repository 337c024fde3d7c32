/**
 * What every backend must compute: {@link org.sepconv.reference.Reference}, in float64, with the
 * bound that a correct float32 result cannot exceed.
 */
package org.sepconv.reference;

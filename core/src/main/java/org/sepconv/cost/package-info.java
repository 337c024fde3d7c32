/**
 * What an operation costs: exact counts ({@link org.sepconv.cost.Cost}, {@link
 * org.sepconv.cost.Saving}), and a prediction of its time on a device from them ({@link
 * org.sepconv.cost.CostModel} over a {@link org.sepconv.cost.DeviceProfile}).
 */
package org.sepconv.cost;

/**
 * Measures devices for the cost model, and keeps the results.
 *
 * <pre>
 *   Operations    which problems are measured
 *   TimedProblem  one prepared problem: runs it, and knows its usual time
 *   Rounds        many of them in turns
 *   CeilingOperations  which show launch, peak and bandwidths
 *   Calibration   a device: operations, transfers -> Calibrated
 *   ProfileStore  one JSON file for each device, its settings and the JDK
 *   StoredProfiles  how selection finds them: a ProfileSource
 * </pre>
 */
package org.sepconv.calibration;

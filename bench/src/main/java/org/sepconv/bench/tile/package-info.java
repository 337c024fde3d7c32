/**
 * Micro-benchmarks of the register tiles that the backend cpu emits: each on data that stays in the
 * first-level cache, beside the multiply-add peak of the same minutes.
 */
package org.sepconv.bench.tile;

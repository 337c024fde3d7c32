/**
 * Has emitted code compiled before it is used: {@link org.sepconv.cpu.warm.TinyProblem}. Who has
 * code makes its problems; this room computes them until C2 is done, while {@code prepare} waits,
 * or in the background: {@link org.sepconv.cpu.warm.Warmer}.
 */
package org.sepconv.cpu.warm;

/** Series of shapes that differ in one number, and the cliffs among them. */
package org.sepconv.bench.scan;

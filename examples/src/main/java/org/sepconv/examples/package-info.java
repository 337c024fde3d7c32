/**
 * Programs to copy, each on its own and each run by a test: {@link org.sepconv.examples.CostFirst},
 * {@link org.sepconv.examples.ChooseBackend}, {@link org.sepconv.examples.RunOften}, {@link
 * org.sepconv.examples.ManySizes}.
 */
package org.sepconv.examples;

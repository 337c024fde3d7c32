/**
 * Programs to copy, each on its own and each run by a test: {@link
 * org.sepconv.examples.FirstBlock}, {@link org.sepconv.examples.CostFirst}, {@link
 * org.sepconv.examples.ChooseBackend}, {@link org.sepconv.examples.RunOften}, {@link
 * org.sepconv.examples.ManySizes}, {@link org.sepconv.examples.KeywordStream}, {@link
 * org.sepconv.examples.ClassifyFolder}, {@link org.sepconv.examples.text.ReadText}, {@link
 * org.sepconv.examples.service.ClassifyService}.
 */
package org.sepconv.examples;

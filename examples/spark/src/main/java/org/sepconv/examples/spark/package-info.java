/**
 * A program to copy for Apache Spark: {@link org.sepconv.examples.spark.ClassifyPhotos}. The same
 * for PySpark is {@code src/main/python/classify_photos.py}.
 */
package org.sepconv.examples.spark;

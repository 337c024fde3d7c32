/**
 * Networks over pictures that one machine would take too long for, on Apache Spark.
 *
 * <pre>
 *   SepconvModel        a stage of a Spark ML pipeline       (parameters, saved and loaded)
 *   SepconvExtensions   sepconv_classify(content) in SQL     --&gt; ClassifyUdf
 *   ClassifyJob         a whole job for spark-submit
 *     --&gt; SepconvFunction   the model, broadcast once, and its NetworkSettings
 *           on an executor: PictureColumn    what to decode in a row
 *                           AnswerIterator   decodes beside running, in batches
 *                           PreparedNetworks one network for all tasks of the JVM --&gt; PreparedNetwork
 *           on the driver:  JobMetrics       what was done, and how long it took
 *                           JobEstimate      what it will take
 *   SepconvFilter       another stage, pictures in and pictures out --&gt; FilteredRows
 *                         (PictureStage: what both stages have)
 * </pre>
 *
 * <p>A picture that cannot be read is a row with its error. Only {@link
 * org.sepconv.spark.SepconvModel} needs Spark's MLlib.
 */
package org.sepconv.spark;

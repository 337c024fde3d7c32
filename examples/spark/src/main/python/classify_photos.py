import sys

from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.appName("classify photos")
    .config("spark.jars", "sepconv-spark-0.1.0-SNAPSHOT-all.jar")
    .config("spark.sql.extensions", "org.sepconv.spark.SepconvExtensions")
    .config("spark.sepconv.model", sys.argv[1])
    .config("spark.sepconv.topK", "1")
    .getOrCreate()
)
spark.read.format("binaryFile").load(sys.argv[2]).createOrReplaceTempView("photos")
answers = spark.sql("""
    SELECT path, answer.classes[0].index AS best, answer.error
    FROM (SELECT path, sepconv_classify(content) AS answer FROM photos)
""")
answers.show(truncate=False)

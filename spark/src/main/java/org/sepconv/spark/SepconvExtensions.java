package org.sepconv.spark;

import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.classic.UserDefinedFunctionUtils;
import org.apache.spark.sql.expressions.SparkUserDefinedFunction;
import org.apache.spark.sql.functions;
import scala.Function1;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Brings {@code sepconv_classify} into a session: set {@code spark.sql.extensions} to the name of
 * this class. {@link ClassifyUdf} says what the function does.
 */
public final class SepconvExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {

  /** Spark makes one by its name. */
  public SepconvExtensions() {}

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    Function1<Seq<Expression>, Expression> builder =
        new AbstractFunction1<>() {
          @Override
          public Expression apply(Seq<Expression> arguments) {
            return call(arguments);
          }
        };
    extensions.injectFunction(
        new Tuple3<>(
            new FunctionIdentifier(ClassifyUdf.NAME),
            new ExpressionInfo(ClassifyUdf.class.getName(), ClassifyUdf.NAME),
            builder));
    return BoxedUnit.UNIT;
  }

  private static Expression call(Seq<Expression> arguments) {
    if (arguments.size() != 1) {
      throw new IllegalArgumentException(
          "%s takes 1 argument, the content of a picture's file, not %d"
              .formatted(ClassifyUdf.NAME, arguments.size()));
    }
    SparkUserDefinedFunction function =
        (SparkUserDefinedFunction) functions.udf(new ClassifyUdf(), ClassifyUdf.type());
    return UserDefinedFunctionUtils.toScalaUDF(function, arguments);
  }
}

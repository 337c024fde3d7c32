/**
 * What every command stands in: options that many share, and how it ends.
 *
 * <pre>
 *   TopCommand                                the top command, as those below it see it
 *   BackendOptionsMixin, SelectionMixin,      options, of several commands each;
 *   ConvolutionOptionsMixin,                    NetworkNames completes;
 *   NetworkOptionsMixin, OutputMixin            Converters parses their values, OptionChecks looks at them
 *   Errors, ExitStatus, StandardError         how a failure reaches the user and the shell
 * </pre>
 */
package org.sepconv.cli.frame;

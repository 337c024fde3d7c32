/**
 * Results as text for a terminal: tables ({@code TextTable}), numbers ({@code Numbers}), samples of
 * a time ({@code Timing}), and what is shown while something takes long ({@code Progress}).
 */
package org.sepconv.cli.text;

/** The {@code sepconv} command: one class a subcommand, all under {@code Main}. */
package org.sepconv.cli;

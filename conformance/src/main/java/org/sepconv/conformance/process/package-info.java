/**
 * Processes of their own, for tests of what would spoil the JVM that they run in, and what a
 * process has.
 */
package org.sepconv.conformance.process;

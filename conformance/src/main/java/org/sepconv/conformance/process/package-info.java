/** Processes of their own, for tests of what would spoil the JVM that they run in. */
package org.sepconv.conformance.process;

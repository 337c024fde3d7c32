/** The test suite that every backend must pass, ours or a third party's. */
package org.sepconv.conformance;

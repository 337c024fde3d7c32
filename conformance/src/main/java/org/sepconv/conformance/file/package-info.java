/**
 * Files for tests of what reads them: pictures as cameras and editors write them, and damage to
 * files of any kind.
 */
package org.sepconv.conformance.file;

/** The one backend that {@code core} has: the reference, offered by its name only. */
package org.sepconv.backend;

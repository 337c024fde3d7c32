/** What the machine says of itself: its processor, and folders to write to. */
package org.sepconv.machine;

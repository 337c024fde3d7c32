/** A service that classifies the pictures that are sent to it, with the JDK's own HTTP server. */
package org.sepconv.examples.service;

package org.sepconv.select;

import org.sepconv.spi.Availability;

/** A backend that was found, and whether it can be used. */
public record BackendStatus(String name, int rank, Availability availability) {}

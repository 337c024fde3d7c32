/**
 * Where floats lie: a {@link org.sepconv.cpu.memory.Span} is part of an array, a {@link
 * org.sepconv.cpu.memory.SpanArena} gives out such parts that start a cache line.
 */
package org.sepconv.cpu.memory;

/**
 * What can be made anew, but not at once, kept in the user's cache folder: {@link
 * org.sepconv.cache.CacheFolder} says where, {@link org.sepconv.cache.DiskCache} keeps entries
 * there. For backends, and for whatever else of the library measures or compiles.
 */
package org.sepconv.cache;

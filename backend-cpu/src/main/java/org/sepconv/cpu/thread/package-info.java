/** The threads of a backend: {@link org.sepconv.cpu.thread.WorkerPool}. */
package org.sepconv.cpu.thread;

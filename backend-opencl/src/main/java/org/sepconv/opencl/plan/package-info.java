/**
 * From candidates to kernels that run.
 *
 * <pre>
 *   Planner       puts kernels in order, with conversions of layout around them
 *     Chooser     takes one of several candidates: the first, or what Tuner measures
 *   KernelPlan    a draft whose programs are compiled and whose weights lie on the device
 *     PlanRun     what one run at a time needs of its own: kernel objects, buffers between
 * </pre>
 */
package org.sepconv.opencl.plan;

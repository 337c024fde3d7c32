// An OpenCL library in front of the real one: every call goes on to that, but for the one that shall fail or hang, and
// what is created and not released is counted. Every argument of OpenCL's calls is an integer or a pointer: so one
// signature, of more than any has, serves all.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PARAMETERS long a0, long a1, long a2, long a3, long a4, long a5, long a6, long a7, long a8, long a9
#define ARGUMENTS a0, a1, a2, a3, a4, a5, a6, a7, a8, a9
typedef long (*function)(PARAMETERS);

enum kind { CONTEXT, QUEUE, BUFFER, PROGRAM, KERNEL, EVENT, KINDS };

static atomic_long live[KINDS];
static char fault[64];
static int fault_status;
static atomic_int calls_until_fault;

// The call with this number fails with this status.
void faults_set(const char *name, int status, int number) {
  strncpy(fault, name, sizeof fault - 1);
  fault_status = status;
  calls_until_fault = number;
}

// How many objects of a kind are alive.
long faults_live(int kind) { return live[kind]; }

static function real(const char *name) {
  static void *library;
  if (!library) library = dlopen(getenv("FAULTS_REAL"), RTLD_NOW | RTLD_LOCAL);
  function found = library ? (function)dlsym(library, name) : NULL;
  if (!found) {
    fprintf(stderr, "no %s: %s\n", name, dlerror());
    abort();
  }
  return found;
}

static int injected(const char *name) {
  const char *hanging = getenv("FAULTS_HANG");
  if (hanging && !strcmp(hanging, name)) {
    for (;;) pause();
  }
  const char *failing = getenv("FAULTS_FAIL");
  if (failing && !strcmp(failing, name)) return -6;
  if (strcmp(fault, name)) return 0;
  return atomic_fetch_sub(&calls_until_fault, 1) == 1 ? fault_status : 0;
}

#define CALL(name)                                                        \
  long name(PARAMETERS) {                                                 \
    int status = injected(#name);                                         \
    return status ? status : real(#name)(ARGUMENTS);                      \
  }

#define CHANGE(name, kind, by)                                            \
  long name(PARAMETERS) {                                                 \
    int status = injected(#name);                                         \
    status = status ? status : (int)real(#name)(ARGUMENTS);               \
    if (!status) live[kind] += by;                                        \
    return status;                                                        \
  }

// Its event is given by an argument that may be null.
#define ENQUEUE(name, event)                                              \
  long name(PARAMETERS) {                                                 \
    int status = injected(#name);                                         \
    status = status ? status : (int)real(#name)(ARGUMENTS);               \
    if (!status && event) live[EVENT]++;                                  \
    return status;                                                        \
  }

// Gives an object, and its status by an argument.
#define CREATE(name, kind, error)                                         \
  long name(PARAMETERS) {                                                 \
    int status = injected(#name);                                         \
    if (status) {                                                         \
      *(int *)error = status;                                             \
      return 0;                                                           \
    }                                                                     \
    long made = real(#name)(ARGUMENTS);                                   \
    if (made && kind < KINDS) live[kind]++;                               \
    return made;                                                          \
  }

CALL(clGetPlatformIDs)
CALL(clGetPlatformInfo)
CALL(clGetDeviceIDs)
CALL(clGetDeviceInfo)
CALL(clCreateSubDevices)
CALL(clReleaseDevice)
CALL(clSetKernelArg)
CALL(clFlush)
CALL(clFinish)
CALL(clWaitForEvents)
CALL(clGetEventProfilingInfo)
CALL(clBuildProgram)
CALL(clGetProgramInfo)
CALL(clGetProgramBuildInfo)
CREATE(clCreateContext, CONTEXT, a5)
CREATE(clCreateCommandQueue, QUEUE, a3)
CREATE(clCreateBuffer, BUFFER, a4)
CREATE(clCreateSubBuffer, BUFFER, a4)
CREATE(clCreateProgramWithSource, PROGRAM, a4)
CREATE(clCreateProgramWithBinary, PROGRAM, a6)
CREATE(clCreateKernel, KERNEL, a2)
CREATE(clEnqueueMapBuffer, KINDS, a9)
CHANGE(clRetainProgram, PROGRAM, 1)
CHANGE(clRetainEvent, EVENT, 1)
CHANGE(clReleaseContext, CONTEXT, -1)
CHANGE(clReleaseCommandQueue, QUEUE, -1)
CHANGE(clReleaseMemObject, BUFFER, -1)
CHANGE(clReleaseProgram, PROGRAM, -1)
CHANGE(clReleaseKernel, KERNEL, -1)
CHANGE(clReleaseEvent, EVENT, -1)
ENQUEUE(clEnqueueNDRangeKernel, a8)
ENQUEUE(clEnqueueFillBuffer, a8)
ENQUEUE(clEnqueueReadBuffer, a8)
ENQUEUE(clEnqueueWriteBuffer, a8)
ENQUEUE(clEnqueueUnmapMemObject, a5)

// All of core: arrays, gradients, random numbers, and the checks for what one builds from them. A program of one's own
// includes this and need not know in which file a thing stands. What only core itself uses is left out.
#pragma once

#include <ordinal/core/error.h>
#include <ordinal/core/fast/parallel.h>
#include <ordinal/core/grad_check.h>
#include <ordinal/core/graphviz.h>
#include <ordinal/core/index_array.h>
#include <ordinal/core/nd_array.h>
#include <ordinal/core/nd_math.h>
#include <ordinal/core/nested_list.h>
#include <ordinal/core/ops.h>
#include <ordinal/core/random.h>
#include <ordinal/core/scalar.h>
#include <ordinal/core/shape.h>
#include <ordinal/core/tensor.h>

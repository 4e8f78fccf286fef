// All differentiable operations.
#pragma once

#include <ordinal/core/operators.h>
#include <ordinal/core/ops_attention.h>
#include <ordinal/core/ops_elementwise.h>
#include <ordinal/core/ops_matmul.h>
#include <ordinal/core/ops_recurrence.h>
#include <ordinal/core/ops_reduce.h>
#include <ordinal/core/ops_shape.h>
#include <ordinal/core/ops_training.h>

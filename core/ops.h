// All differentiable operations.
#pragma once

#include "core/ops_attention.h"
#include "core/ops_elementwise.h"
#include "core/ops_matmul.h"
#include "core/ops_recurrence.h"
#include "core/ops_reduce.h"
#include "core/ops_shape.h"
#include "core/ops_training.h"

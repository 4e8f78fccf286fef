// All of nn: layers, models, optimizers, files.
#pragma once

#include <ordinal/nn/activations.h>
#include <ordinal/nn/attention.h>
#include <ordinal/nn/dropout.h>
#include <ordinal/nn/embedding.h>
#include <ordinal/nn/files/checkpoint.h>
#include <ordinal/nn/files/file.h>
#include <ordinal/nn/files/safetensors.h>
#include <ordinal/nn/generate.h>
#include <ordinal/nn/init.h>
#include <ordinal/nn/layer_norm.h>
#include <ordinal/nn/linear.h>
#include <ordinal/nn/loss.h>
#include <ordinal/nn/model.h>
#include <ordinal/nn/module.h>
#include <ordinal/nn/nearest_name.h>
#include <ordinal/nn/optimizer.h>
#include <ordinal/nn/position_scheme.h>
#include <ordinal/nn/positions.h>
#include <ordinal/nn/recurrent.h>
#include <ordinal/nn/sequential.h>
#include <ordinal/nn/text.h>
#include <ordinal/nn/transformer.h>

// All of pretrained: models that others have trained.
#pragma once

#include <ordinal/pretrained/bert.h>
#include <ordinal/pretrained/bert_config.h>
#include <ordinal/pretrained/sentence_vectors.h>
#include <ordinal/pretrained/unicode.h>
#include <ordinal/pretrained/word_piece.h>

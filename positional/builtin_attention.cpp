#include "positional/builtin.h"

namespace ordinal {

EncodingList builtin_attention() { return {}; }

}    // namespace ordinal

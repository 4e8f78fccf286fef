#include "positional/builtin.h"

namespace ordinal {

EncodingList builtin_tables() { return {}; }

}    // namespace ordinal

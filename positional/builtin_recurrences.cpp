#include "positional/builtin.h"

namespace ordinal {

EncodingList builtin_recurrences() { return {}; }

}    // namespace ordinal

// Not Ordinal's: headers of the same names as its own.
#pragma once

namespace consumer {
inline int own_error() { return 1; }
}    // namespace consumer

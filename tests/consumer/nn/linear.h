// Not Ordinal's, either.
#pragma once

namespace consumer {
inline int own_linear() { return 2; }
}    // namespace consumer

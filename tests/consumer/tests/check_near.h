// Not Ordinal's, either.
#pragma once

namespace consumer {
inline int own_test() { return 3; }
}    // namespace consumer

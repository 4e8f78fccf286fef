// Not Ordinal's, either.
#pragma once

namespace consumer {
inline int own_option() { return 4; }
}    // namespace consumer

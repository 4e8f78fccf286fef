#include <ordinal/positional/builtin.h>

namespace ordinal {

EncodingList builtin_encodings() {
    EncodingList all;
    for (const EncodingList& group : {builtin_basics(), builtin_tables(), builtin_recurrences(), builtin_attention()})
        all.insert(all.end(), group.begin(), group.end());
    return all;
}

}    // namespace ordinal

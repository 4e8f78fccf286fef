// A libFuzzer program of one target: CMakeLists.txt says which header and which target.
#include <algorithm>
#include <cstdint>

#include TARGET_HEADER

using ordinal::fuzz::TARGET;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);    // changes bytes

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    TARGET.feed({reinterpret_cast<const char*>(data), size});
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
    ordinal::Rng rng(seed);
    if (TARGET.changed == nullptr || rng.chance(0.5)) return LLVMFuzzerMutate(data, size, most);
    const std::string next = TARGET.changed({reinterpret_cast<const char*>(data), size}, rng);
    if (next.size() > most) return LLVMFuzzerMutate(data, size, most);
    std::copy(next.begin(), next.end(), data);
    return next.size();
}

// Where the numbers of arrays live. A training step asks for the same sizes again and again: what it gives back is kept
// and handed out again, for fresh memory has to be mapped and cleared by the operating system, page by page.
#pragma once

#include <memory>
#include <new>
#include <vector>

#include <ordinal/core/error.h>
#include <ordinal/core/scalar.h>

namespace ordinal {

// `count` numbers with arbitrary values, at an address that vector registers like. Throws Error: no memory, or more
// than 2 GiB for one array, which is refused before anything is asked for.
std::shared_ptr<Scalar[]> make_buffer(Index count);

// Whether nobody else holds it: then it may be written.
bool owned_alone(const std::shared_ptr<Scalar[]>& buffer);

// Gives the system back what lies idle, for somebody else to use. make_buffer does so before it says "no memory".
void release_idle_buffers() noexcept;

// A sentence needs memory, too: a little is kept back for it, and given back to the system here.
void release_memory_for_a_sentence() noexcept;

// What make() returns. Where it finds no memory it is called again without the idle buffers, and then Error is thrown
// with the text of the parts.
template <class Make, class... Parts>
decltype(auto) with_memory(Make make, const Parts&... parts) {
    try {
        return make();
    } catch (const std::bad_alloc&) {
        release_idle_buffers();
    }
    try {
        return make();
    } catch (const std::bad_alloc&) {
        release_memory_for_a_sentence();
        throw Error(text_of(parts...));
    }
}

// A list of `count` zeros, or of undefined tensors. `who` names the operation that it is for.
template <class T>
std::vector<T> room_for(Index count, const char* who) {
    return with_memory([&] { return std::vector<T>(static_cast<std::size_t>(count)); }, who,
                       ": there is no memory for a list of ", count);
}

}    // namespace ordinal

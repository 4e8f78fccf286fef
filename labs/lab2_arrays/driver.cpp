// Asks the functions of array.h.
#include "driver.h"

#include "array.h"
#ifdef LAB_MINE
#include "value.h"
#endif

namespace {

std::vector<std::vector<long>> places_of(const Shape& shape) {
    std::vector<std::vector<long>> all{{}};
    for (const long n : shape) {
        std::vector<std::vector<long>> longer;
        for (const std::vector<long>& place : all)
            for (long i = 0; i < n; ++i) {
                longer.push_back(place);
                longer.back().push_back(i);
            }
        all = std::move(longer);
    }
    return all;
}

long where(const Array& a, const std::vector<long>& place) {
    long at = a.offset;
    for (std::size_t axis = 0; axis < place.size(); ++axis) at += place[axis] * a.strides.at(axis);
    return at;
}

double& entry(const Array& a, const std::vector<long>& place) {
    return a.buffer->at(static_cast<std::size_t>(where(a, place)));
}

// An array that lies in its buffer in a strange way: backwards, with gaps, and not from the beginning.
Array strange(const lab::Array& numbers) {
    Array a{std::make_shared<std::vector<double>>(), numbers.shape, {}, 0};
    long step = -2;
    for (const long n : numbers.shape) {
        a.strides.push_back(step);
        step *= std::max(n, 1L);
    }
    a.offset = -step + 1;
    a.buffer->assign(static_cast<std::size_t>(a.offset + 2), -999);
    std::size_t next = 0;
    for (const std::vector<long>& place : places_of(a.shape)) entry(a, place) = numbers.values[next++];
    return a;
}

lab::Array seen(const Array& a) {
    lab::Array numbers{a.shape, {}};
    for (const std::vector<long>& place : places_of(a.shape)) numbers.values.push_back(entry(a, place));
    return numbers;
}

[[maybe_unused]] std::vector<long> whole(const lab::Array& numbers) {
    return std::vector<long>(numbers.values.begin(), numbers.values.end());
}

// A view and whether it is one: numbers, and 1 if writing into it changes what it is a view of.
[[maybe_unused]] void give_view(lab::Call& call, const Array& a, const Array& view) {
    call.give(seen(view));
    call.give(view.buffer == a.buffer ? 1.0 : 0.0);
}

#ifdef TASK_strides
const lab::Function strides("strides", [](lab::Call& call) {
    const std::vector<long> found = strides_of(whole(call.array()));
    call.give(lab::Array{{static_cast<long>(found.size())}, std::vector<double>(found.begin(), found.end())});
});
#endif

#ifdef TASK_places_in
// The entry at a place, and the array after 100 has been added to it.
const lab::Function entry_at("at", [](lab::Call& call) {
    const Array a = strange(call.array());
    const std::vector<long> place = whole(call.array());
    call.give(at(a, place));
    at(a, place) += 100;
    call.give(seen(a));
});
#endif

#ifdef TASK_transposed
const lab::Function transposed("transpose", [](lab::Call& call) {
    const Array a = strange(call.array());
    give_view(call, a, transpose(a));
});
#endif

#ifdef TASK_steps
const lab::Function steps("every", [](lab::Call& call) {
    const Array a = strange(call.array());
    const long axis = call.index();
    give_view(call, a, every(a, axis, call.index()));
});
#endif

#ifdef TASK_repeated
const lab::Function repeated("broadcast_to", [](lab::Call& call) {
    const Array a = strange(call.array());
    give_view(call, a, broadcast_to(a, whole(call.array())));
});
#endif

#ifdef TASK_summed
const lab::Function summed("sum_to_shape", [](lab::Call& call) {
    const Array a = strange(call.array());
    call.give(seen(sum_to_shape(a, whole(call.array()))));
});
#endif

#ifdef TASK_product
const lab::Function product("matmul", [](lab::Call& call) {
    const Array A = strange(call.array());
    call.give(seen(matmul(A, strange(call.array()))));
});
#endif

#ifdef TASK_gradients
const lab::Function gradients("gradients", [](lab::Call& call) {
    const Array A = strange(call.array()), B = strange(call.array());
    const auto [dA, dB] = matmul_gradients(A, B, strange(call.array()));
    call.give(seen(dA));
    call.give(seen(dB));
});
#endif

// With --mine: the same two gradients by the numbers of lab 1, one multiplication at a time. Else nothing.
// The last argument: 1 if the product is A B^T, 0 if it is A B.
const lab::Function by_values("by_values", [](lab::Call& call) {
#ifdef LAB_MINE
    const lab::Array a = call.array(), b = call.array(), d = call.array();
    const long m = a.shape[0], k = a.shape[1], n = d.shape[1];
    const bool transposed = call.number() != 0;
    const std::vector<Value> A(a.values.begin(), a.values.end()), B(b.values.begin(), b.values.end());
    Value loss(0);
    const auto number = [](const std::vector<Value>& all, long i) { return all[static_cast<std::size_t>(i)]; };
    for (long i = 0; i < m; ++i)
        for (long j = 0; j < n; ++j)
            for (long l = 0; l < k; ++l)
                loss += number(A, i * k + l) * number(B, transposed ? j * k + l : l * n + j) *
                        Value(d.values[static_cast<std::size_t>(i * n + j)]);
    loss.backward();
    for (const auto& [values, shape] : {std::pair{A, a.shape}, std::pair{B, b.shape}}) {
        lab::Array grad{shape, {}};
        for (const Value& value : values) grad.values.push_back(value.grad());
        call.give(grad);
    }
#else
    static_cast<void>(call);
#endif
});

#if defined(TASK_transposed) && defined(TASK_steps) && defined(TASK_repeated)
// The places in the buffer that four views of a [3, 4] go through: itself, transposed, every second entry of
// its last axis, its first column repeated.
const lab::Function walks("walks", [](lab::Call& call) {
    const Array a{std::make_shared<std::vector<double>>(12), {3, 4}, {4, 1}, 0}, column{a.buffer, {3, 1}, {4, 1}, 0};
    for (const Array& view : {a, transpose(a), every(a, 1, 2), broadcast_to(column, {3, 4})}) {
        lab::Array walk{{0}, {}};
        for (const std::vector<long>& place : places_of(view.shape))
            walk.values.push_back(static_cast<double>(where(view, place)));
        walk.shape[0] = static_cast<long>(walk.values.size());
        call.give(walk);
    }
});
#endif

}    // namespace

int main() { return lab::serve(); }

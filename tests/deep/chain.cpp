// A chain of 1,000,000 operations is built, differentiated and freed, also without ever being differentiated. CTest
// runs it on a stack of 256 KB: anything here that recursed over the depth of the graph would overflow it.
#include <cstdio>

#include <ordinal/core/ops.h>

using namespace ordinal;

static bool freed(const char* what) {
    std::printf("%s, %lld nodes left\n", what, static_cast<long long>(Node::live_count()));
    return Node::live_count() == 0;
}

static Tensor chain(const Tensor& x, Index length) {
    Tensor y = x;
    for (Index i = 0; i < length; ++i) y = i % 2 == 0 ? y + x : y - x;    // x is used by every node
    return y;
}

int main() {
    constexpr Index length = 1'000'000;
    bool right = true;
    {
        const Tensor x = Tensor::parameter(NdArray({2}, {1, 2}));
        const Tensor y = sum(scale(chain(x, length + 1), 3));
        std::printf("built %lld nodes, y = %g\n", static_cast<long long>(Node::live_count()),
                    static_cast<double>(y.item()));
        right = right && y.item() == 18 && Node::live_count() > length;    // length + 1 additions and subtractions: 2 x
        y.backward();
        const NdArray dx = x.grad();
        std::printf("differentiated: d y / d x = [%g, %g], expected [6, 6]\n", static_cast<double>(dx.at({0})),
                    static_cast<double>(dx.at({1})));
        right = right && dx.at({0}) == 6 && dx.at({1}) == 6;
        right = right && Node::live_count() == 2;    // x and y: backward() has freed what lay between
    }
    right = freed("freed after backward") && right;
    { const Tensor y = chain(Tensor::parameter(NdArray({2}, 1)), length); }
    right = freed("freed without backward") && right;
    {
        Tensor alone = Tensor::parameter(NdArray(Shape{}, 1));
        for (Index i = 0; i < length / 10; ++i) alone = neg(alone);    // here only the chain itself holds its nodes
        alone.backward();
    }
    right = freed("freed a chain whose parameter nobody else holds") && right;
    return right ? 0 : 1;
}

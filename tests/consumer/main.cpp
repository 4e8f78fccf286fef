// A program outside Ordinal's tree: it sees the headers of each layer, links, and loads a shared object.
#include <dlfcn.h>

#include <iostream>

#include <ordinal/nn.h>

int ours_first();
int theirs_first();

int main() {
    using namespace ordinal;
    const Tensor w = Tensor::parameter(NdArray({2}, {1, 2}));
    sum(w * w).backward();
    std::cout << "gradient " << w.grad() << '\n';

    Rng rng(1);
    const Linear layer(2, 3, rng);
    std::cout << "output " << layer.forward(w).shape() << '\n';
    std::cout << "headers of our own " << ours_first() << ' ' << theirs_first() << '\n';

    void* plugin = dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL);
    void* gradient = plugin != nullptr ? dlsym(plugin, "plugin_table_gradient") : nullptr;
    if (gradient == nullptr) {
        std::cout << dlerror() << '\n';
        return 1;
    }
    std::cout << "plugin " << reinterpret_cast<double (*)()>(gradient)() << '\n';
}

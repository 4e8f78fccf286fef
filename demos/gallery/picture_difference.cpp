#include <cstdlib>
#include <memory>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#include <stb_image.h>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>
#include "demos/gallery/compare.h"

namespace ordinal {
namespace {

struct Pixels {
    int width = 0, height = 0;
    std::unique_ptr<stbi_uc, void (*)(void*)> rgb{nullptr, stbi_image_free};
};

Pixels read_png(const std::string& path) {
    const std::string file = read_file(path);
    Pixels pixels;
    int channels = 0;
    pixels.rgb.reset(stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(file.data()), static_cast<int>(file.size()),
                                           &pixels.width, &pixels.height, &channels, 3));
    require<FileError>(pixels.rgb != nullptr, path, ": expected a PNG picture, got something else; draw it again");
    return pixels;
}

}    // namespace

double picture_difference(const std::string& a, const std::string& b) {
    const Pixels before = read_png(a), now = read_png(b);
    if (before.width != now.width || before.height != now.height) return 255;
    double sum = 0;
    const std::ptrdiff_t count = std::ptrdiff_t(3) * before.width * before.height;
    for (std::ptrdiff_t i = 0; i < count; ++i) sum += std::abs(before.rgb.get()[i] - now.rgb.get()[i]);
    return sum / static_cast<double>(count);
}

}    // namespace ordinal

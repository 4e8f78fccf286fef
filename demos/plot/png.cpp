#include "demos/plot/png.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC    // private to this file: a student's program may bring its own copy
#include <stb_image_write.h>

#include <ordinal/core/error.h>
#include <ordinal/nn/files/file.h>

namespace ordinal::demos::plot {

void save_png(const std::string& path, const Image& image) {
    // Encoded in memory, then written by write_file: stb's own file writing does not notice a full disk.
    std::string encoded;
    const auto append = [](void* context, void* data, int size) {
        static_cast<std::string*>(context)->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
    };
    const int done =
        stbi_write_png_to_func(append, &encoded, image.width(), image.height(), 3, image.bytes(), 3 * image.width());
    require<FileError>(done != 0 && !encoded.empty(), "save_png: could not encode ", path, ", a picture of ",
                       image.width(), " x ", image.height(), "; is there enough memory?");
    write_file(path, encoded);
}

}    // namespace ordinal::demos::plot

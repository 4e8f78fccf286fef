#include "bench/torch_peer.h"

#include <nlohmann/json.hpp>

#include <ordinal/core/error.h>

namespace ordinal::bench {
namespace {

using Json = nlohmann::json;

std::vector<std::string> command(int threads, const std::vector<std::string>& more = {}) {
    // Debian's own interpreter is the one that sees Debian's PyTorch.
    std::vector<std::string> words{"/usr/bin/python3", ORDINAL_SOURCE_DIR "/bench/torch_side.py", "--threads",
                                   std::to_string(threads)};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

Json answer(Child& child) {    // an empty record when there is none
    const Json record = Json::parse(child.read_line().value_or(""), nullptr, false);
    return record.is_object() ? record : Json::object();
}

}    // namespace

TorchPeer::TorchPeer(int threads) : child_(command(threads)), version_(answer(child_).value("torch", "")) {}

Samples TorchPeer::measure(const std::string& workload, double seconds) {
    child_.write_line(text_of(workload, " ", seconds));
    const Json record = answer(child_);
    require<FileError>(record.contains("samples_ms"), "torch_side.py ended at workload ", workload,
                       "; its own message stands above");
    return record["samples_ms"].get<Samples>();
}

Memory torch_memory(const std::string& workload, int threads) {
    Child child(command(threads, {"--memory", workload}));
    const Json record = answer(child);
    return {record.value("peak_mb", 0.0), record.value("growth_mb", 0.0)};
}

}    // namespace ordinal::bench

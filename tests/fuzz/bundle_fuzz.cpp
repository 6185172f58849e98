// Any bytes as a bundle. One that is accepted can be written, and what was written is accepted.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "engine/model/bundle.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto bundle = fusion::parse_bundle(std::span{bytes, size}, "fuzzed.bundle");
    if (bundle) {
        const auto again = fusion::serialise_bundle(*bundle, fusion::TensorPrecision::f32);
        if (!fusion::parse_bundle(again, "written.bundle")) std::abort();
    }
    return 0;
}

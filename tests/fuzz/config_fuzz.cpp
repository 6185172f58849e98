// Any text as a configuration. A refusal always names the file and says something.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "config/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string text(bytes, bytes + size);
    const auto config = fusion::parse_config(text, "fuzzed.toml");
    if (!config && config.error().message.find("fuzzed.toml") == std::string::npos) std::abort();
    return 0;
}

// Any text as a saved state, and as the controllers in it. A refusal always names the file; what
// was understood is understood the same when it is written out and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "config/midi_binding.hpp"
#include "config/state_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string text(bytes, bytes + size);
    const auto controllers = fusion::parse_controllers(text, "fuzzed.toml");
    if (!controllers && controllers.error().message.find("fuzzed.toml") == std::string::npos)
        std::abort();
    const auto state = fusion::parse_state(text, "fuzzed.toml");
    if (!state) {
        if (state.error().message.find("fuzzed.toml") == std::string::npos) std::abort();
        return 0;
    }
    const auto once = fusion::format_state(*state);
    const auto again = fusion::parse_state(once, "again.toml");
    if (!again || fusion::format_state(*again) != once) std::abort();
    return 0;
}

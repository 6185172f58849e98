// Any bytes as a datagram, and each path in it as an address pattern: a hostile pattern must not
// take longer than libFuzzer's patience. What was decoded can be sent again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "osc/message.hpp"
#include "osc/pattern.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto messages = fusion::decode_osc(std::span{bytes, size});
    if (!messages) return 0;
    for (const auto& message : *messages) {
        if (fusion::is_osc_pattern(message.path))
            (void)fusion::osc_pattern_matches(message.path, "/fusiond/weight/classical");
        (void)fusion::encode_osc(message);
    }
    return 0;
}

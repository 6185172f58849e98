// Any bytes as a datagram, as far as they go: into the log, into the schedule, and each path in it
// as an address pattern: a hostile pattern must not take longer than libFuzzer's patience. What was
// decoded can be sent again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "osc/dump.hpp"
#include "osc/message.hpp"
#include "osc/pattern.hpp"
#include "osc/schedule.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace fusion;
    const std::span packet{bytes, size};
    const TimePoint now{};
    const UdpPeer from;
    const auto messages = decode_osc(packet);
    (void)osc_path_of(packet);
    OscDump dump{[](const std::string& line) {
        if (line.size() > OscDump::kLongestLine + 4) std::abort();
        for (const char c : line)
            if (c < 0x20 || c > 0x7E) std::abort();
    }};
    dump.set(OscDump::Mode::both);
    dump.packet(packet, messages, from, now);
    if (!messages) return 0;
    for (const auto& message : *messages) {
        if (is_osc_pattern(message.path))
            (void)osc_pattern_matches(message.path, "/fusiond/weight/classical");
        (void)encode_osc(message);
    }
    std::size_t done = 0;
    OscSchedule schedule{[&](const OscMessage&, const UdpPeer&) { ++done; }};
    const auto refused = schedule.take(*messages, from, {std::uint64_t{3'900'000'000} << 32U}, now);
    schedule.run_due(now + OscSchedule::kFarthest);
    if (done != (refused ? 0 : messages->size())) std::abort();
    return 0;
}

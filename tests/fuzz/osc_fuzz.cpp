// Any bytes as a datagram, as far as they go: into the log, into the schedule, to the parameters,
// and each path in it as an address pattern: a hostile pattern must not take longer than
// libFuzzer's patience. What was decoded can be sent again. Whatever is understood, no value leaves
// its range, and no answer is longer than what a sender can bear.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "engine/base/log.hpp"
#include "engine/base/time_source.hpp"
#include "osc/dump.hpp"
#include "osc/message.hpp"
#include "osc/namespace.hpp"
#include "osc/pattern.hpp"
#include "osc/schedule.hpp"

namespace {

// They stay over all inputs: what one has set, the next one finds.
struct Steered {
    fusion::SimulatedTime time;
    fusion::ParamStore params{{"jazz", "pop", "Folk"}, time};
    fusion::ActionDesk actions{params};
    fusion::OscNamespace names{params, actions};

    Steered() { fusion::log::set_level(fusion::log::Level::error); }

    void take(const fusion::OscMessage& message) {
        constexpr std::size_t kLongestAnswer = 4096;
        names.handle(message, [](const fusion::OscMessage& answer) {
            if (encode_osc(answer).size() > kLongestAnswer) std::abort();
        });
        for (fusion::ParameterIndex c = 0; c < params.parameters().size(); ++c) {
            const auto& row = params.parameters()[c];
            const double value = params.value(c);
            if (!(value >= row.minimum && value <= row.maximum)) std::abort();
        }
    }
};

}  // namespace

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
    static Steered steered;
    for (const auto& message : *messages) {
        steered.take(message);
        if (is_osc_pattern(message.path))
            (void)osc_pattern_matches(message.path, "/fusiond/weight/classical");
        (void)encode_osc(message);
    }
    std::size_t done = 0;
    OscSchedule schedule{[&](const OscMessage&, const UdpPeer&) { ++done; }};
    const auto taken = schedule.take(*messages, from, {std::uint64_t{3'900'000'000} << 32U}, now);
    schedule.run_due(now + OscSchedule::kFarthest);
    if (done + taken.now.size() != (taken.refusal ? 0 : messages->size())) std::abort();
    return 0;
}

#include "daemon/loss_report.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/base/log.hpp"

namespace fusion {

std::uint64_t Loss::news(std::uint64_t count, TimePoint now) {
    if (std::exchange(seen_, count) != count) {
        if (now - grew_ >= kLongest) pause_ = kShortest;
        grew_ = now;
    }
    if (count == told_ || now < next_) return 0;
    next_ = now + pause_;
    pause_ = std::min(kLongest, pause_ * 2);
    return count - std::exchange(told_, count);
}

LossReport::LossReport() : LossReport{[](const std::string& line) { log::warning("{}", line); }} {}

void LossReport::look(std::uint64_t refused, const MidiPort* port, TimePoint now) {
    if (const auto news = refused_.news(refused, now))
        log_(fmt::format("{} MIDI messages found no room in the output since this was last told",
                         news));
    if (port == nullptr) return;
    const auto counters = port->counters();
    if (const auto news = late_.news(counters.late, now))
        log_(
            fmt::format("{} MIDI messages came after their frame, the latest by {} frames; [jack] "
                        "margin_us helps",
                        news, counters.most_late));
    if (const auto news = too_late_.news(counters.too_late, now))
        log_(fmt::format("{} MIDI messages came far too late and were left out", news));
    if (const auto news = feedback_lost_.news(counters.feedback_lost, now))
        log_(fmt::format("{} messages for the controllers found no room at the feedback port",
                         news));
}

void LossReport::malformed_so_far(std::uint64_t count) {
    if (malformed_ == 0) malformed_in_the_end(count);
}

void LossReport::malformed_in_the_end(std::uint64_t count) {
    if (std::exchange(malformed_, count) == count) return;
    log_(fmt::format(
        "{} MIDI messages that came in were malformed and left out (a loose cable, or a program "
        "that sends what is no MIDI); how many they become is told at the end",
        count));
}

}  // namespace fusion

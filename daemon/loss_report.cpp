#include "daemon/loss_report.hpp"

#include <utility>

#include "engine/base/log.hpp"

namespace fusion {

void LossReport::look(std::uint64_t refused, const MidiPort* port) {
    const auto before = std::exchange(refused_, refused);
    if (refused > before)
        log::warning("{} MIDI messages found no room in the output since the last second",
                     refused - before);
    if (port == nullptr) return;
    const auto now = port->counters();
    const auto told = std::exchange(port_, now);
    if (now.late > told.late)
        log::warning(
            "{} MIDI messages came after their frame, the latest by {} frames; [jack] "
            "margin_us helps",
            now.late - told.late, now.most_late);
    if (now.too_late > told.too_late)
        log::warning("{} MIDI messages came far too late and were left out",
                     now.too_late - told.too_late);
    if (now.feedback_lost > told.feedback_lost)
        log::warning("{} messages for the controllers found no room at the feedback port",
                     now.feedback_lost - told.feedback_lost);
}

void LossReport::malformed_so_far(std::uint64_t count) {
    if (malformed_ == 0) malformed_in_the_end(count);
}

void LossReport::malformed_in_the_end(std::uint64_t count) {
    if (std::exchange(malformed_, count) == count) return;
    log::warning(
        "{} MIDI messages that came in were malformed and left out (a loose cable, or a program "
        "that sends what is no MIDI); how many they become is told at the end",
        count);
}

}  // namespace fusion

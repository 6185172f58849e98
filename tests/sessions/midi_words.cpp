#include "tests/sessions/midi_words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/music/note_name.hpp"

namespace fusion::test {
namespace {

struct Line {
    SmfTime at;
    std::string text;
};

double beats_of(SmfTime ticks, const Smf& smf) {
    return static_cast<double>(ticks) / static_cast<double>(smf.ticks_per_beat);
}

// Bars begin at each change of metre.
std::string place(SmfTime at, const Smf& smf) {
    std::int64_t bars = 0;
    SmfMeter holds{0, {}};
    const auto bar = [&] {
        return SmfTime{holds.meter.bar().count()} * smf.ticks_per_beat / kCellsPerBeat.count();
    };
    for (const auto& next : smf.meters_of(0)) {
        if (next.at > at) break;
        bars += (next.at - holds.at + bar() - 1) / bar();
        holds = next;
    }
    bars += (at - holds.at) / bar();
    return fmt::format("{}:{:g}", bars, beats_of((at - holds.at) % bar(), smf));
}

std::string message_in_words(const MidiMessage& message) {
    const auto channel = message.channel().count() + 1;
    switch (message.status()) {
        case 0xB0U:
            return fmt::format("controller {} value {} on channel {}", message.bytes()[1],
                               message.bytes()[2], channel);
        case 0xC0U: return fmt::format("program {} on channel {}", message.bytes()[1] + 1, channel);
        default:
            return fmt::format("{:02X} {:02X} {:02X}", message.bytes()[0], message.bytes()[1],
                               message.bytes()[2]);
    }
}

}  // namespace

std::vector<std::string> in_words(const Smf& smf) {
    std::vector<Line> lines;
    for (const auto& track : smf.tracks) {
        for (const auto& [at, tempo] : track.tempi)
            lines.push_back({at, fmt::format("tempo {:.3f}", tempo.count())});
        for (const auto& [at, meter] : track.meters)
            lines.push_back({at, fmt::format("metre {}/{}", meter.numerator, meter.denominator)});
        for (const auto& [at, message] : track.messages)
            if (!message.is_note_on() && !message.is_note_off())
                lines.push_back({at, message_in_words(message)});
        for (const auto& note : notes_of(track))
            lines.push_back(
                {note.onset,
                 fmt::format("note {} velocity {} for {:g} beats on channel {}",
                             note_name(note.pitch), note.velocity.count(),
                             beats_of(note.end - note.onset, smf), note.channel.count() + 1)});
        lines.push_back({track.end, "the end"});
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& a, const Line& b) { return a.at < b.at; });
    std::vector<std::string> words;
    for (const auto& line : lines)
        words.push_back(fmt::format("{:<8} {}", place(line.at, smf), line.text));
    return words;
}

std::string first_difference(std::span<const std::string> expected,
                             std::span<const std::string> played) {
    const auto [e, p] =
        std::mismatch(expected.begin(), expected.end(), played.begin(), played.end());
    if (e == expected.end() && p == played.end()) return {};
    std::string text;
    for (auto same = e - std::min<std::ptrdiff_t>(2, e - expected.begin()); same != e; ++same)
        text += fmt::format("    {}\n", *same);
    if (e != expected.end()) text += fmt::format("  - {}\n", *e);
    if (p != played.end()) text += fmt::format("  + {}\n", *p);
    return text;
}

}  // namespace fusion::test

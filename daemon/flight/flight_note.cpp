#include "daemon/flight/flight_note.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace fusion {

bool is_of_line(const PlayedEvent& event) {
    const bool is_step =
        event.kind == PlayedEvent::Kind::step || event.kind == PlayedEvent::Kind::late_step;
    return is_step && event.line_at.index == event.step.index + 1;
}

std::vector<FlightNote> notes_of(const PlayedEvent& event, std::uint32_t line) {
    std::vector<FlightNote> notes;
    if (event.kind != PlayedEvent::Kind::step) return notes;
    const auto& step = event.step;
    const auto of = is_of_line(event) ? FlightNote::Of::line : FlightNote::Of::filler;
    if (event.sounds)
        notes.push_back({line, step.index, 0, event.heard_at,
                         static_cast<std::uint8_t>(step.channel.count() + 1), step.pitch.count(),
                         step.velocity.count(), event.ends - event.heard_at, of});
    for (std::size_t genre = 0; genre < kMaxGenres; ++genre) {
        if (event.part_channels[genre] == 0) continue;
        const auto& part = event.parts[genre];
        notes.push_back({line, step.index, static_cast<std::uint8_t>(genre + 1), event.heard_at,
                         event.part_channels[genre], part.pitch.count(), part.velocity.count(),
                         part.gate, of});
    }
    return notes;
}

std::string to_text(const FlightNote& note) {
    return fmt::format("{} {} {} {} {} {} {} {} {}", note.of == FlightNote::Of::line ? '=' : '~',
                       note.line, note.index, note.voice, note.at.count(), note.channel, note.pitch,
                       note.velocity, note.length.count());
}

std::optional<FlightNote> parse_flight_note(std::string_view text) {
    if (text.size() < 2 || (text[0] != '=' && text[0] != '~') || text[1] != ' ') return {};
    const auto of = text[0] == '=' ? FlightNote::Of::line : FlightNote::Of::filler;
    std::array<std::int64_t, 8> numbers{};
    text.remove_prefix(2);
    for (auto& number : numbers) {
        const auto* end = text.data() + text.size();
        const auto [stopped, error] = std::from_chars(text.data(), end, number);
        if (error != std::errc{} || number < 0 || (stopped != end && *stopped != ' ')) return {};
        text.remove_prefix(static_cast<std::size_t>(stopped - text.data()));
        while (text.starts_with(' ')) text.remove_prefix(1);
    }
    if (!text.empty() || numbers[2] > static_cast<std::int64_t>(kMaxGenres) || numbers[4] > 16 ||
        numbers[5] > 127 || numbers[6] > 127)
        return {};
    FlightNote note;
    note.line = static_cast<std::uint32_t>(numbers[0]);
    note.index = static_cast<std::uint32_t>(numbers[1]);
    note.voice = static_cast<std::uint8_t>(numbers[2]);
    note.at = Ticks{numbers[3]};
    note.channel = static_cast<std::uint8_t>(numbers[4]);
    note.pitch = static_cast<std::uint8_t>(numbers[5]);
    note.velocity = static_cast<std::uint8_t>(numbers[6]);
    note.length = Ticks{numbers[7]};
    note.of = of;
    return note;
}

}  // namespace fusion

#include "daemon/flight/flight_file.hpp"

#include <charconv>

#include <fmt/format.h>

#include "daemon/flight/flight_log.hpp"

namespace fusion {
namespace {

constexpr std::string_view kMark = "#! ";

std::optional<std::uint64_t> number_at(std::string_view& text) {
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{}) return {};
    text.remove_prefix(static_cast<std::size_t>(stopped - text.data()));
    if (text.starts_with(' ')) text.remove_prefix(1);
    return number;
}

// "placed 0 1234 61440" and the like; what is none of them is a later version's remark.
void take_mark(std::string_view mark, Flight& flight) {
    const auto blank = mark.find(' ');
    if (blank == std::string_view::npos) return;
    const auto word = mark.substr(0, blank);
    mark.remove_prefix(blank + 1);
    if (word == "cut") {
        if (flight.cut.empty()) flight.cut = std::string{mark};
        return;
    }
    const auto line = number_at(mark);
    const auto index = number_at(mark);
    const auto what = number_at(mark);
    if (!line || !index || !what) return;
    if (word == "late") {
        flight.late.insert({static_cast<std::uint32_t>(*line), static_cast<std::uint32_t>(*index)});
        return;
    }
    if (word != "placed" && word != "fell" && word != "astray") return;
    auto& told =
        flight.told[{static_cast<std::uint32_t>(*line), static_cast<std::uint32_t>(*index)}];
    if (word == "placed") told.placed = Ticks{static_cast<std::int64_t>(*what)};
    if (word == "fell") told.falls = true;
    if (word == "fell" || word == "astray") told.event = static_cast<EventId>(*what);
}

void take_note(std::string_view text, Flight& flight) {
    const auto end = text.find_last_not_of(" \r");
    const auto note = parse_flight_note(text.substr(1, end));
    if (!note) return;
    if (note->of == FlightNote::Of::filler)
        ++flight.fillers;
    else
        flight.notes.push_back(*note);
}

bool take_fact(std::string_view line, std::string_view name, std::string& fact) {
    if (!line.starts_with(name)) return false;
    if (fact.empty()) fact = std::string{line.substr(name.size())};
    return true;
}

}  // namespace

Result<Flight> parse_flight(std::string_view text, std::string_view name) {
    const auto first = text.substr(0, text.find('\n'));
    if (!first.starts_with(kFlightMagic))
        return fail(Error::Code::malformed,
                    fmt::format("{}: this is no flight; fusiond writes them, and `fusionctl "
                                "flight` asks for one",
                                name));
    auto number = first.substr(kFlightMagic.size());
    if (const auto version = number_at(number); !version || *version != kFlightVersion)
        return fail(Error::Code::malformed,
                    fmt::format("{}: a flight of version {}, and this fusiond reads version {}; "
                                "play it with the one that wrote it",
                                name, first.substr(kFlightMagic.size()), kFlightVersion));
    Flight flight;
    // An end of the file that ends no line, or stands in no line of its own, was torn off.
    const auto whole = text.rfind('\n');
    flight.torn = whole + 1 != text.size();
    text = text.substr(0, whole + 1);
    flight.session.reserve(text.size());
    bool has_end = false;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size() + 1);
        if (line.starts_with("#= ") || line.starts_with("#~ ")) {
            take_note(line, flight);
        } else if (line.starts_with(kMark)) {
            take_mark(line.substr(kMark.size()), flight);
        } else if (take_fact(line, "# build ", flight.build) ||
                   take_fact(line, "# bundle ", flight.bundle) ||
                   take_fact(line, "# genres ", flight.genres) ||
                   take_fact(line, "# begun ", flight.begun)) {
        } else if (!line.starts_with('#')) {
            const auto said = line.substr(0, line.find_last_not_of(' ') + 1);
            has_end = has_end || said.ends_with(" end");
            flight.session += line;
        }
        flight.session += '\n';  // of each, so that it names the lines of the file
    }
    flight.torn = flight.torn || (!has_end && !flight.notes.empty());
    return flight;
}

}  // namespace fusion

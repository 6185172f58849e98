#include "daemon/replay.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "daemon/bundle_place.hpp"
#include "daemon/flight/flight_print.hpp"
#include "daemon/generators.hpp"
#include "daemon/progress_line.hpp"
#include "daemon/render.hpp"
#include "engine/base/whole_file.hpp"

namespace fusion {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 20;

using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint8_t>;  // line, step, voice
Key key_of(const FlightNote& note) { return {note.line, note.index, note.voice}; }
auto step_of(const FlightNote& note) { return std::pair{note.line, note.index}; }

std::string in_words(const FlightNote& note) {
    return fmt::format("note {} velocity {} on channel {} at beat {:.3f} for {:.3f}", note.pitch,
                       note.velocity, note.channel, static_cast<double>(note.at.count()) / 960.0,
                       static_cast<double>(note.length.count()) / 960.0);
}

std::string where(const FlightNote& note) {
    return fmt::format("step {}{}{}", note.index,
                       note.voice == 0 ? "" : fmt::format(" of part {}", note.voice),
                       note.line == 0 ? "" : fmt::format(" after restart {}", note.line));
}

// What was said in a header as "PRINT PLACE".
std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

void tell_of_the_bundle(const Flight& flight, const std::string& bundle) {
    if (first_word(flight.bundle) != bundle)
        fmt::print(stderr,
                   "another bundle: it was played with {}, and this is {}; what comes is other "
                   "music. --bundle names the one that played\n",
                   flight.bundle, bundle);
    if (flight.build != build_print())
        fmt::print(stderr,
                   "another build: it was played by fusiond {}, and this is {}; notes may differ "
                   "where what they compute does\n",
                   flight.build, build_print());
}

Started<void> tell(const ReplayOptions& options, const Flight& flight, const Comparison& found) {
    const auto name = options.file.string();
    fmt::print("{}: {} of {} notes are the same", name, found.equal, found.notes);
    if (found.missing > 0) fmt::print(", {} are not there", found.missing);
    if (found.more > 0) fmt::print(", {} are too many", found.more);
    fmt::print("\n");
    if (flight.unexplained() > 0)
        fmt::print("{} steps are as the flight tells them, for the networks were not in time\n",
                   flight.unexplained());
    if (!flight.late.empty())
        fmt::print("{} steps came too late to sound, and are left out\n", flight.late.size());
    if (flight.fillers > 0)
        fmt::print("{} notes filled holes of the line and are not played again\n", flight.fillers);
    if (flight.torn) fmt::print("the end of the file is torn off: it is played up to there\n");
    if (!flight.cut.empty())
        fmt::print("from beat {} on not all controls are known, so notes may differ after it\n",
                   flight.cut);
    if (found.same()) return {};
    return refuse(ExitCode::differs, fmt::format("{}: {}", name, found.first));
}

}  // namespace

Comparison compare(const std::vector<FlightNote>& then, const std::vector<FlightNote>& now) {
    Comparison found{then.size()};
    if (then.empty()) return found;
    std::map<Key, const FlightNote*> by_key;
    for (const auto& note : now)
        if (step_of(note) >= step_of(then.front()) && step_of(note) <= step_of(then.back()))
            by_key[key_of(note)] = &note;
    const auto differs = [&](const std::string& words) {
        if (found.first.empty()) found.first = "the first that differs is " + words;
    };
    for (const auto& note : then) {
        const auto at = by_key.find(key_of(note));
        if (at == by_key.end()) {
            ++found.missing;
            differs(fmt::format("{}: {} was played, nothing is now", where(note), in_words(note)));
            continue;
        }
        if (*at->second == note)
            ++found.equal;
        else
            differs(fmt::format("{}: {} was played, {} is now", where(note), in_words(note),
                                in_words(*at->second)));
        by_key.erase(at);
    }
    for (const auto& [key, note] : by_key) {
        // Of the first step the flight may have a part of its notes only.
        if (step_of(*note) == step_of(then.front())) continue;
        ++found.more;
        differs(fmt::format("{}: {} is played now, and was not", where(*note), in_words(*note)));
    }
    return found;
}

Started<void> run_replay(const Config& config, const ReplayOptions& options) {
    const auto bytes = read_file(options.file, kMostBytes);
    if (!bytes) return refuse(ExitCode::not_found, bytes.error().message);
    const std::string_view text{reinterpret_cast<const char*>(bytes->data()), bytes->size()};
    const auto flight = parse_flight(text, options.file.string());
    if (!flight) return refuse(ExitCode::usage, flight.error().message);
    auto session = parse_session(flight->session, options.file.string());
    if (!session) return refuse(ExitCode::usage, session.error().message);

    auto bundle = open_bundle(config);
    if (!bundle) return tl::unexpected{bundle.error()};
    tell_of_the_bundle(*flight, bundle_print(bundle_place(config.bundle_path).string()));
    auto generators = make_generators(*bundle, config.device);
    if (!generators) return tl::unexpected{generators.error()};

    RenderOptions render_options;
    render_options.changes = std::move(session->changes);
    render_options.book = {bundle->chords, bundle->forms, bundle->band};
    render_options.told = &*flight;
    render_options.length = session->length;
    if (!render_options.length) {
        // The end was torn off. Places of notes are the line's, which is never behind the flight's.
        Ticks last{1};
        for (const auto& change : render_options.changes)
            last = std::max(last, change.at.into + Ticks{1});
        for (const auto& note : flight->notes) last = std::max(last, note.at + note.length);
        render_options.length = last;
    }
    std::vector<FlightNote> now;
    render_options.heard = [&now, &late = flight->late](const PlayedEvent& event) {
        const bool was_late = late.contains({event.line_at.epoch, event.step.index});
        if (!is_of_line(event) || was_late) return;
        for (auto& note : notes_of(event, event.line_at.epoch)) now.push_back(note);
    };
    SimulatedTime time;
    ParamStore params{bundle->genres, time};
    std::optional<ProgressLine> line{std::in_place, stderr, "music"};
    const auto progress = [&](double share) { line->show(share); };
    auto* neural = generators->neural.get();
    auto* fallback = generators->fallback.get();
    const auto made = neural != nullptr
                          ? render(*neural, fallback, params, time, render_options, progress)
                          : render(*fallback, nullptr, params, time, render_options, progress);
    line.reset();
    if (!made) {
        const bool usage = made.error().code == Error::Code::out_of_range ||
                           made.error().code == Error::Code::malformed ||
                           made.error().code == Error::Code::not_found;
        return refuse(usage ? ExitCode::usage : ExitCode::failed, made.error().message);
    }
    if (!options.out.empty())
        if (auto written = write_file(options.out, made->bytes); !written)
            return refuse(ExitCode::cannot_write, written.error().message);
    return tell(options, *flight, compare(flight->notes, now));
}

}  // namespace fusion

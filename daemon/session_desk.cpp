#include "daemon/session_desk.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "engine/music/chord_symbol.hpp"
#include "engine/params/value_shape.hpp"

namespace fusion {
namespace {

// Where bars begin, as the metre changes, on a desk that obeys the session up to there.
class BarLines {
public:
    BarLines(const ParamStore& start, const std::vector<Scene>& scenes)
        : store_{start.genres(), time_}, desk_{store_, time_, scenes} {
        for (ParameterIndex c = 0; c < start.parameters().size(); ++c)
            static_cast<void>(store_.set(c, start.value(c), 0.0));
        measure();
    }

    void go_to_bar(std::int64_t bar) {
        for (; bar_ < bar; ++bar_) {
            begin_ = begin_ + length_;
            go_to(begin_);
            measure();
        }
    }

    Result<Ticks> obey(const SessionChange& change) {
        if (change.at.count == SessionPlace::Count::beats) return obey_at_beat(change);
        go_to_bar(change.at.bar);
        if (change.at.into >= length_)
            return fail(Error::Code::out_of_range,
                        fmt::format("{}: bar {} has {:g} beats", change.from, change.at.bar,
                                    static_cast<double>(length_.count()) /
                                        static_cast<double>(kTicksPerBeat.count())));
        const auto place = begin_ + change.at.into;
        go_to(place);
        if (auto obeyed = desk_.obey(change); !obeyed) return tl::unexpected{obeyed.error()};
        if (change.at.into == Ticks{0}) measure();
        return place;
    }

    [[nodiscard]] Ticks begin() const { return begin_; }

private:
    Result<Ticks> obey_at_beat(const SessionChange& change) {
        const auto place = change.at.into;
        while (begin_ + length_ <= place) go_to_bar(bar_ + 1);
        go_to(place);
        if (auto obeyed = desk_.obey(change); !obeyed) return tl::unexpected{obeyed.error()};
        if (place == begin_) measure();
        return place;
    }
    void go_to(Ticks place) {
        while (desk_.has_turns() && here_ + Ticks{kTicksPerCell} < place)
            go_on(here_ + Ticks{kTicksPerCell});
        go_on(place);
    }
    void go_on(Ticks to) {
        if (store_.current().on(ParamId::playing)) head_ += to - here_;
        here_ = to;
        desk_.turn(head_);
    }
    void measure() { length_ = to_ticks(store_.current().meter().bar()); }

    SimulatedTime time_;
    ParamStore store_;
    SessionDesk desk_;
    std::int64_t bar_ = 0;
    Ticks begin_{0}, length_{0};  // of that bar
    Ticks here_{0}, head_{0};
};

}  // namespace

bool is_of_a_port(std::string_view tail) {
    constexpr std::array<std::string_view, 13> kThose{
        "sync",  "clock_out", "offset",    "thru",      "tap",       "takeover", "timetags",
        "learn", "unlearn",   "tape/load", "tape/play", "tape/stop", "tape/seek"};
    return std::find(kThose.begin(), kThose.end(), tail) != kThose.end();
}

SessionDesk::SessionDesk(ParamStore& params, const TimeSource& time, std::vector<Scene> scenes,
                         const HarmonyBook& book)
    : params_{params},
      time_{time},
      actions_{params},
      scenes_{params,
              [this] {
                  return static_cast<double>(head_.count()) /
                         static_cast<double>(kTicksPerBeat.count());
              },
              {{}, std::move(scenes), {}},
              [](const std::string&) {}},
      harmony_{params, book},
      finish_{params, [this] { return head_; }},
      style_{params, harmony_.teller()},
      paths_{params, actions_} {
    scenes_.assign_to(actions_);
    harmony_.assign_to(actions_);
    finish_.assign_to(actions_);
}

void SessionDesk::turn(Ticks head) {
    head_ = head;
    scenes_.turn(time_.now());
}

Status SessionDesk::obey(const SessionChange& change) {
    const auto path = paths_.path_meant(change.says.path);
    auto tail = std::string_view{path};
    tail.remove_prefix(std::min(tail.size(), kOscRoot.size() + 1));
    if (is_of_a_port(tail))
        return fail(
            Error::Code::out_of_range,
            fmt::format("{}: it is about a port, and this is a file; leave it out", change.from));
    if (const auto obeyed = obey_own_word(tail, change)) return *obeyed;
    std::string problem;
    paths_.handle(change.says, [&](const OscMessage& answer) {
        const bool refused = answer.path == "/fail" && answer.args.size() > 1;
        // What is answered to a value is how it was understood.
        if (!problem.empty() || (!refused && !change.says.args.empty())) return;
        const auto* reason = refused ? std::get_if<std::string>(&answer.args[1]) : nullptr;
        problem = reason != nullptr ? *reason : "a value is missing";
    });
    if (problem.empty()) return {};
    return fail(Error::Code::out_of_range, fmt::format("{}: {}", change.from, problem));
}

std::optional<Status> SessionDesk::obey_own_word(std::string_view tail,
                                                 const SessionChange& change) {
    const auto& args = change.says.args;
    if (tail == "held") {
        const auto text =
            args.empty() ? std::string{} : std::string{osc_text(args[0]).value_or("")};
        if (text.empty()) {
            harmony_.hold(Chord{});
            return Status{};
        }
        const auto chord = parse_chord_symbol(text);
        if (!chord) return about(change.from, chord.error());
        harmony_.hold(*chord);
        return Status{};
    }
    if (tail != "finish_at") return {};
    const auto beat = args.empty() ? std::nullopt : osc_number(args[0]);
    if (!beat || !(*beat >= 0.0 && *beat < 1e9))
        return fail(Error::Code::out_of_range,
                    fmt::format("{}: it wants the beat of the line", change.from));
    params_.finish_at(Ticks{std::llround(*beat * static_cast<double>(kTicksPerBeat.count()))});
    return Status{};
}

Result<PlacedSession> place_session(const std::vector<SessionChange>& changes, std::int64_t bars,
                                    std::optional<Ticks> length, const ParamStore& start,
                                    const std::vector<Scene>& scenes) {
    BarLines lines{start, scenes};
    PlacedSession session;
    for (const auto& change : changes) {
        // Bar 0 is the same in both.
        if (const bool is_begin = change.at.bar == 0 && change.at.into == Ticks{0};
            !is_begin && change.at.count != changes.back().at.count)
            return fail(Error::Code::malformed,
                        fmt::format("{}: some places count bars and some beats; all in one way",
                                    change.from));
        // What a program has written may end in the middle of something.
        if (length && change.at.count == SessionPlace::Count::beats && change.at.into >= *length) {
            session.places.push_back(change.at.into);
            continue;
        }
        if (!length && change.at > SessionPlace{bars} &&
            change.at.count == SessionPlace::Count::bars)
            return fail(Error::Code::out_of_range,
                        fmt::format("{}: the music ends after {} bars", change.from, bars));
        const auto place = lines.obey(change);
        if (!place) return tl::unexpected{place.error()};
        session.places.push_back(*place);
    }
    if (length) {
        session.length = *length;
        return session;
    }
    lines.go_to_bar(bars);
    session.length = lines.begin();
    return session;
}

}  // namespace fusion

#include "daemon/session_desk.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

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
    : time_{time},
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

Result<PlacedSession> place_session(const std::vector<SessionChange>& changes, std::int64_t bars,
                                    const ParamStore& start, const std::vector<Scene>& scenes) {
    BarLines lines{start, scenes};
    PlacedSession session;
    for (const auto& change : changes) {
        if (change.at > SessionPlace{bars})
            return fail(Error::Code::out_of_range,
                        fmt::format("{}: the music ends after {} bars", change.from, bars));
        const auto place = lines.obey(change);
        if (!place) return tl::unexpected{place.error()};
        session.places.push_back(*place);
    }
    lines.go_to_bar(bars);
    session.length = lines.begin();
    return session;
}

}  // namespace fusion

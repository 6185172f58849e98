// `./dev faults days [DAYS [EIGHTHS]]`: so many days at one tempo without a stop, in simulated
// time, EIGHTHS of a beat a minute. Whether the last step and the last beat still lie on the
// nanosecond that they have by whole numbers, whether the play head is on its tick, and how memory
// grows.
//
// A tempo in eighths, so that a tick is a fraction of whole numbers; a prime of them, so that the
// fraction ends nowhere.
#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "tests/faults/simulated_daemon.hpp"

namespace fusion::faults {
namespace {

__extension__ using Whole = __int128;  // what 64 bits do not hold

// One genre that plays half notes and whole notes: it is time that is to pass, not notes.
std::shared_ptr<const Bundle> slow_bundle() {
    std::vector<Event> events;
    for (const auto duration : duration_classes()) events.push_back({std::nullopt, duration});
    const auto first = static_cast<EventId>(events.size());
    for (const auto pitch : std::array<std::uint8_t, 5>{60, 62, 64, 67, 69})
        for (const int cells : {48, 24}) events.push_back({Pitch{pitch}, Cells{cells}});
    Bundle bundle;
    bundle.genres = {"slow"};
    bundle.vocabulary = *Vocabulary::make(events);
    bundle.record = "{}";
    std::vector<std::vector<EventId>> pieces(4);
    for (std::size_t p = 0; p < pieces.size(); ++p)
        for (std::size_t i = 0; i < 200; ++i)
            pieces[p].push_back(static_cast<EventId>(first + (i * (p + 1) + i / 7) % 10));
    bundle.ngrams.push_back(NgramModel::fit(pieces, events.size()));
    return std::make_shared<const Bundle>(std::move(bundle));
}

// The nanosecond nearest to `tick`, by whole numbers; ticks are of the beginning.
std::int64_t exact_nanos(std::int64_t tick, std::int64_t eighths) {
    // 60e9 / 960 of a minute's nanoseconds, over eighths / 8.
    const Whole over = Whole{tick} * 62'500'000 * 8;
    return static_cast<std::int64_t>((2 * over + eighths) / (2 * Whole{eighths}));
}

struct Found {
    std::uint64_t steps = 0, beats = 0, gaps = 0;
    std::int64_t worst_ns = 0;    // of a step or a beat
    std::int64_t worst_head = 0;  // ticks of the play head
};

int run(std::int64_t days, std::int64_t eighths) {
    StrictSink sink;
    SimulatedDaemon daemon{composed_by_ngrams(slow_bundle()), sink};
    if (auto said = daemon.say("tempo", {static_cast<float>(eighths) / 8.0F}); !said) {
        fmt::print("{}\n", said.error().message);
        return 2;
    }
    const auto begun = daemon.time().now();
    const auto end = begun + days * std::chrono::hours{24};
    // By then all has come that may come once in a while.
    const auto warm = begun + std::min<Nanos>(std::chrono::hours{240}, (end - begun) / 10);
    std::optional<TimePoint> zero;  // of tick 0
    std::optional<Ticks> next;      // where the line goes on
    Found found;
    const auto is_off = [&](Ticks tick, TimePoint due) {
        const auto off = (due - *zero).count() - exact_nanos(tick.count(), eighths);
        found.worst_ns = std::max(found.worst_ns, std::abs(off));
    };
    Memory first{}, most{};
    while (daemon.time().now() < end) {
        const auto now = daemon.time().now();
        daemon.turn(SimulatedDaemon::Inference::works, std::chrono::hours{1});
        for (const auto& event : daemon.played()) {
            if (event.kind == PlayedEvent::Kind::started) zero = event.due;
            if (!zero) continue;
            if (event.kind == PlayedEvent::Kind::beat) {
                ++found.beats;
                is_off(event.tick, event.due);
            }
            if (event.kind != PlayedEvent::Kind::step) continue;
            ++found.steps;
            is_off(event.step.start, event.due);
            if (next && *next != event.step.start) ++found.gaps;
            next = event.step.end();
        }
        if (zero && now >= *zero) {
            // The last tick that has begun.
            auto tick = static_cast<std::int64_t>(Whole{(now - *zero).count()} * eighths /
                                                  (Whole{62'500'000} * 8));
            if (exact_nanos(tick + 1, eighths) <= (now - *zero).count()) ++tick;
            found.worst_head =
                std::max(found.worst_head, std::abs(daemon.meters().play_head_ticks.load() - tick));
        }
        const auto memory = found.steps % 64 == 0 ? memory_now() : Memory{};
        auto& seen = now < warm ? first : most;
        seen.resident = std::max(seen.resident, memory.resident);
        seen.in_use = std::max(seen.in_use, memory.in_use);
    }
    daemon.silence();
    const auto growth = [](std::size_t a, std::size_t b) { return a > b ? a - b : std::size_t{0}; };
    const auto resident = growth(most.resident, first.resident);
    const auto in_use = growth(most.in_use, first.in_use);
    fmt::print(
        "{} days at {} BPM: {} steps, {} beats, {} ticks; a step or a beat was off by {} ns at "
        "most (0), the play head by {} ticks (0); gaps {} (0), underruns {} (0), stuck {} (0); "
        "after a "
        "tenth of it memory grew by {} bytes, {} of them on the heap (0; at most 4096)\n",
        days, static_cast<double>(eighths) / 8.0, found.steps, found.beats,
        daemon.meters().play_head_ticks.load(), found.worst_ns, found.worst_head, found.gaps,
        daemon.meters().underruns.load(), sink.sounding(), resident, in_use);
    const bool good = found.worst_ns == 0 && found.worst_head == 0 && found.gaps == 0 &&
                      daemon.meters().underruns.load() == 0 && sink.sounding() == 0 &&
                      found.steps > 0 && in_use <= 4096;
    return good ? 0 : 1;
}

}  // namespace
}  // namespace fusion::faults

int main(int argc, char** argv) {
    return fusion::faults::run(argc > 1 ? std::atoll(argv[1]) : 120,
                               argc > 2 ? std::atoll(argv[2]) : 491);
}

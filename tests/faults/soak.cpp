// `./dev faults soak [NOTES [BUNDLE [ngrams]]]`: a million notes in simulated time while hands turn
// weights, tempo and everything else, recall scenes, panic, stop and restart; while the port is
// lost, the bundle exchanged, the inference stuck and the machine asleep. What is lost, stuck or
// doubled, and how memory grows once it has been through everything for a while.
//
// Without BUNDLE two small ones of n-grams take turns; with one its networks play, or its n-grams.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <string_view>

#include <fmt/format.h>

#include "engine/params/table.hpp"
#include "tests/daemon/synthetic_bundle.hpp"
#include "tests/faults/simulated_daemon.hpp"
#include "tests/sessions/session_bundle.hpp"
#include "tests/support/small_band.hpp"

namespace fusion::faults {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_{seed} {}
    std::size_t below(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>{0, count - 1}(random_);
    }
    float real(double low, double high) {
        return static_cast<float>(std::uniform_real_distribution<double>{low, high}(random_));
    }
    bool one_in(std::size_t count) { return below(count) == 0; }

private:
    std::mt19937_64 random_;
};

// The most that was seen in each half of what follows the warm-up.
class Growth {
public:
    void look(double done) {
        const auto now = memory_now();
        auto& most = done < 0.2 ? warm_up_ : done < 0.6 ? first_ : second_;
        most.resident = std::max(most.resident, now.resident);
        most.in_use = std::max(most.in_use, now.in_use);
    }
    [[nodiscard]] std::size_t resident() const { return over(second_.resident, first_.resident); }
    [[nodiscard]] std::size_t in_use() const { return over(second_.in_use, first_.in_use); }
    [[nodiscard]] std::size_t most() const { return std::max(first_.resident, second_.resident); }

private:
    static std::size_t over(std::size_t a, std::size_t b) { return a > b ? a - b : 0; }
    Memory warm_up_, first_, second_;
};

const std::array<std::string, 3> kBand{"bass", "chords", "drums"};

class Soak {
public:
    Soak(std::vector<std::shared_ptr<const Bundle>> bundles, bool networks, std::uint64_t seed)
        : bundles_{std::move(bundles)},
          networks_{networks},
          dice_{seed},
          daemon_{compose(0).value(), sink_} {}

    int run(std::uint64_t notes) {
        growth_.look(0.0);
        for (std::uint64_t i = 0; sink_.tally().notes < notes; ++i) {
            if (i % 100 == 0) {
                put_right();
                growth_.look(static_cast<double>(sink_.tally().notes) / static_cast<double>(notes));
            }
            do_something();
            // Often the next comes before the next note.
            const auto span = milliseconds{dice_.one_in(3) ? dice_.below(60) : dice_.below(3000)};
            run_for(span);
        }
        put_right();
        run_for(seconds{5});
        stop();
        daemon_.silence();
        growth_.look(1.0);
        return tell();
    }

private:
    Result<Composing> compose(std::size_t which) {
        auto bundle = bundles_[which];
        return networks_ ? composed_by_networks(std::move(bundle))
                         : composed_by_ngrams(std::move(bundle));
    }

    void say(const std::string& path, std::vector<OscArg> arguments = {}) {
        // What a random value has against another is told, and nothing is done.
        if (!daemon_.say(path, std::move(arguments))) ++refused_words_;
        ++words_;
    }
    std::string genre() { return daemon_.params().genres()[dice_.below(genres())]; }
    std::size_t genres() { return daemon_.params().genres().size(); }
    // Parts are on other channels than the line: that is how it is heard here.
    std::int32_t any_but_of_the_line() { return static_cast<std::int32_t>(10 + dice_.below(7)); }
    std::string scene() { return fmt::format("verse {}", dice_.below(6)); }

    void turn() {
        const auto refusing = sink_.refuses();
        const auto refused = sink_.tally().refused;
        const auto before = sink_.notes_of_line();
        const bool is_stuck = daemon_.time().now() < stuck_until_;
        daemon_.turn(is_stuck ? SimulatedDaemon::Inference::is_stuck
                              : SimulatedDaemon::Inference::works);
        std::uint64_t owed = 0;
        for (const auto& event : daemon_.played())
            if (event.kind == PlayedEvent::Kind::step && event.step.kind == StepKind::note &&
                event.heard == PlayedEvent::Heard::heard)
                ++owed;
        owed_ += owed;
        if (refusing || sink_.tally().refused != refused) return;
        const auto came = sink_.notes_of_line() - before;
        lost_ += owed > came ? owed - came : came - owed;
        if (!daemon_.core().running() && sink_.sounding() > 0 && ++still_sounds_ > 3)
            ++stuck_, still_sounds_ = 0;
        if (daemon_.core().running() || sink_.sounding() == 0) still_sounds_ = 0;
    }
    void run_for(Nanos span) {
        const auto end = daemon_.time().now() + span;
        while (daemon_.time().now() < end) {
            if (daemon_.time().now() >= lost_until_) sink_.refuse(false);
            turn();
        }
    }

    void stop() {
        say("stop");
        sink_.refuse(false);
        for (int i = 0; i < 5; ++i) turn();
    }

    // As a hand would that has lost its way.
    void put_right() {
        for (const auto& row : param_table()) {
            if (is_of_a_port(row.name)) continue;
            daemon_.params().set(row.id, row.initial).value();
        }
        for (const auto& name : daemon_.params().genres()) {
            say("part/" + name, {0});
            say("part_channel/" + name, {any_but_of_the_line()});
            say("weight/" + name, {dice_.real(0, 10)});
        }
        for (const auto& part : kBand) {
            say(part + "/channel", {any_but_of_the_line()});
            say(part + "/plays", {static_cast<std::int32_t>(2)});
        }
        say("progression");
        say("play");
    }

    void turn_any_knob() {
        const auto rows = param_table();
        const auto& row = rows[dice_.below(rows.size())];
        if (is_of_a_port(row.name)) return;
        if (row.id == ParamId::channel)
            return say("channel", {static_cast<std::int32_t>(1 + dice_.below(9))});
        if (row.name.ends_with("/channel"))
            return say(std::string{row.name}, {any_but_of_the_line()});
        say(std::string{row.name}, {dice_.real(row.minimum, row.maximum)});
    }

    void turn_the_band() {
        const auto& part = kBand.at(dice_.below(kBand.size()));
        switch (dice_.below(4)) {
            case 0: return say(part + "/mute", {static_cast<std::int32_t>(dice_.below(2))});
            case 1: return say(part + "/plays", {static_cast<std::int32_t>(dice_.below(3))});
            case 2: return say(part + "/channel", {any_but_of_the_line()});
            default: return say(part + "/weight/" + genre(), {dice_.real(-1, 10)});
        }
    }

    void turn_a_part() {
        if (dice_.one_in(2)) return turn_the_band();
        switch (dice_.below(3)) {
            case 0: return say("part/" + genre(), {static_cast<std::int32_t>(dice_.below(2))});
            case 1: return say("part_channel/" + genre(), {any_but_of_the_line()});
            default:
                return say("part_program/" + genre(),
                           {static_cast<std::int32_t>(dice_.below(129))});
        }
    }

    void give_chords() {
        constexpr std::array<const char*, 4> kChords{"Dm7 G7 | C^7", "Am F C G", "E7",
                                                     "I vi | IV V"};
        if (dice_.one_in(3)) return say("progression");
        say("progression", {std::string{kChords.at(dice_.below(kChords.size()))}});
    }

    void reload() {
        if (networks_ && !dice_.one_in(20)) return;  // it takes a second
        const auto which = dice_.below(bundles_.size());
        if (auto composed = compose(which); composed && daemon_.reload(std::move(*composed)))
            ++reloads_;
        else
            ++wrong_;
        if (networks_) return;
        auto polka = test::synthetic_bundle();
        polka.genres.back() = "polka";
        if (daemon_.reload(composed_by_ngrams(std::make_shared<Bundle>(std::move(polka)))))
            ++wrong_;
    }

    void do_something() {
        switch (dice_.below(60)) {
            case 0: return stop();
            case 1: return say("restart");
            case 2:
            case 3: return say("panic");
            case 4: return say("finish");
            case 5: return say("again");
            case 6: return say("hold", {static_cast<std::int32_t>(dice_.below(2))});
            case 7: return say("mute", {static_cast<std::int32_t>(dice_.one_in(3) ? 1 : 0)});
            case 8: return give_chords();
            case 9: return say("scene/save", {scene()});
            case 10: return say("scene/recall", {scene()});
            case 11:
            case 12: return say("scene/recall", {scene(), dice_.real(0, 16)});
            case 13: return say("scene/delete", {scene()});
            case 14:
                sink_.refuse(true);
                lost_until_ = daemon_.time().now() + milliseconds{dice_.below(10'000)};
                ++losses_;
                return;
            case 15: return reload();
            case 16:
                stuck_until_ = daemon_.time().now() + milliseconds{dice_.below(10'000)};
                return;
            case 17:
                if (dice_.one_in(10)) daemon_.sleep_for(milliseconds{dice_.below(60'000)});
                return;
            case 18:
            case 19:
            case 20:
            case 21: return turn_any_knob();
            case 22:
            case 23:
            case 24: return turn_a_part();
            case 25:
            case 26:
            case 27: return say("tempo", {dice_.real(10, 400)});
            case 28:
            case 29:
            case 30:
            case 31: return say("play");
            case 32: return say("mute", {0});
            default: return say("weight/" + genre(), {dice_.real(0, 10), dice_.real(0, 4)});
        }
    }

    int tell() {
        const auto& tally = sink_.tally();
        const auto& meters = daemon_.meters();
        stuck_ += sink_.sounding() + daemon_.core().output().owed();
        const auto open = meters.notes_on.load() - meters.notes_off.load();
        fmt::print(
            "soak: {} notes, {} of them of the line, in {:.1f} simulated hours, {} words ({} "
            "refused), port lost {} times, "
            "{} "
            "reloads; of {} steps that were told: lost {} (0), stuck {} (0), doubled {} (0), ended "
            "without a beginning {} (0), out of order {} (0), begun and not ended {} (0), wrong {} "
            "(0)\n"
            "memory, the most in the second half over the most in the first, after a warm-up: "
            "resident {} bytes of {:.1f} MB, on the heap {} bytes (0)\n",
            tally.notes, sink_.notes_of_line(),
            std::chrono::duration<double>(daemon_.time().now().time_since_epoch()).count() / 3600,
            words_, refused_words_, losses_, reloads_, owed_, lost_, stuck_, tally.doubled,
            tally.unfounded, tally.backwards, open, wrong_, growth_.resident(),
            static_cast<double>(growth_.most()) * 1e-6, growth_.in_use());
        const bool good =
            lost_ + stuck_ + tally.doubled + tally.unfounded + tally.backwards + open + wrong_ ==
                0 &&
            losses_ > 0 && reloads_ > 0;
        return good ? 0 : 1;
    }

    std::vector<std::shared_ptr<const Bundle>> bundles_;
    bool networks_;
    Dice dice_;
    StrictSink sink_;
    SimulatedDaemon daemon_;
    TimePoint lost_until_{}, stuck_until_{};
    std::uint64_t words_ = 0, refused_words_ = 0, losses_ = 0, reloads_ = 0, wrong_ = 0;
    std::uint64_t owed_ = 0, lost_ = 0, stuck_ = 0;
    int still_sounds_ = 0;
    Growth growth_;
};

int run(std::uint64_t notes, const std::string& file, bool networks) {
    std::vector<std::shared_ptr<const Bundle>> bundles;
    if (file.empty()) {
        for (auto bundle : {test::session_bundle(), test::synthetic_bundle()}) {
            bundle.band.assign(bundle.genres.size(), test::small_band());
            bundles.push_back(std::make_shared<Bundle>(std::move(bundle)));
        }
    } else {
        auto bundle = bundle_in(file);
        if (!bundle) {
            fmt::print("{}\n", bundle.error().message);
            return 2;
        }
        bundles = {std::move(*bundle)};
    }
    return std::make_unique<Soak>(std::move(bundles), networks, 1)->run(notes);
}

}  // namespace
}  // namespace fusion::faults

int main(int argc, char** argv) {
    const std::string file = argc > 2 ? argv[2] : "";
    const bool ngrams = argc > 3 && std::string_view{argv[3]} == "ngrams";
    return fusion::faults::run(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000, file,
                               !file.empty() && !ngrams);
}

// What the band plays beside the line, each strong genre alone and the blend that the bundle begins
// in, under simulated time:
//
// bass      on the first beat of a bar: the share that is the chord's root or third
// chords    the share that is in the chord (that in force, or the next where it comes early)
// clashes   a semitone, or its octaves, held between line and band for a beat or more, in 100 beats
// obeys     of turns of a weight at least 5 ms before a note of a part: the share that it obeys
// cost      processor time with the band over that without
//
// With --data the clashes of real pieces stand beside them: melody and piano of the pieces that
// name a track MELODY.
#include <sys/resource.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/base/log.hpp"
#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"
#include "engine/nn/blas_core.hpp"
#include "engine/nn/torch_generator.hpp"
#include "engine/realtime/engine.hpp"
#include "engine/realtime/line/line_harmony.hpp"
#include "tests/bench/figures.hpp"

namespace fusion::bench {
namespace {

// Who takes all that is sent, the synth's too.
class AnySink final : public MidiSink {
public:
    bool send(const TimedMessage&) noexcept override { return true; }
    [[nodiscard]] Nanos lead() const noexcept override { return Nanos{0}; }
    [[nodiscard]] bool has(Hearers) const noexcept override { return true; }
};

struct Held {
    double from = 0, to = 0;  // beats
    int pitch = 0;
};

// How long two sets of notes stand a semitone apart together, counted where it is a beat or more.
int clashes(const std::vector<Held>& line, const std::vector<Held>& others) {
    int found = 0;
    std::size_t first = 0;
    for (const auto& note : line) {
        while (first < others.size() && others[first].from < note.from - 16.0) ++first;
        for (auto o = first; o < others.size() && others[o].from < note.to; ++o) {
            const int apart = std::abs(note.pitch - others[o].pitch) % 12;
            const double together =
                std::min(note.to, others[o].to) - std::max(note.from, others[o].from);
            found += (apart == 1 || apart == 11) && together >= 0.99 ? 1 : 0;
        }
    }
    return found;
}

double beats_of(Ticks ticks) {
    return static_cast<double>(ticks.count()) / static_cast<double>(kTicksPerBeat.count());
}

struct Played {
    std::vector<Held> line, band;
    int bass = 0, bass_fits = 0, voices = 0, voices_fit = 0, turns = 0, obeyed = 0;
};

// Hears what is played, and turns a weight now and then where it is asked to.
class Listener final : public OfflineHand {
public:
    Listener(ParamStore& params, const HarmonyBook& book, const SimulatedTime& time,
             std::optional<std::size_t> turns)
        : params_{params}, plan_{book}, time_{time}, turns_{turns} {}

    [[nodiscard]] std::optional<Ticks> next() const override {
        if (!turns_) return {};
        return at_;
    }
    void turn(Ticks at, Ticks) override {
        const double weight = params_.current().weights.value[*turns_] > 5.0F ? 3.0 : 10.0;
        static_cast<void>(params_.set_weight(*turns_, weight, 0.0));
        waiting_.fill(true);
        revision_ = params_.current().revision;
        turned_ = time_.now();
        at_ = at + Ticks{1 + static_cast<std::int64_t>(random_() % 4000)};
    }
    void played(const PlayedEvent& event) override {
        const auto from = beats_of(event.tick);
        const auto held = Held{from, from + beats_of(event.step.gate), event.step.pitch.count()};
        if (event.kind == PlayedEvent::Kind::step && event.step.kind == StepKind::note)
            all.line.push_back(held);
        if (event.kind != PlayedEvent::Kind::band) return;
        const auto part = static_cast<BandPart>(event.step.part);
        auto& waits = waiting_[index_of(part)];
        if (turns_ && waits && event.due - turned_ >= std::chrono::milliseconds{5}) {
            waits = false;
            ++all.turns;
            all.obeyed += event.step.revision >= revision_ ? 1 : 0;
        }
        if (part == BandPart::drums) return;
        all.band.push_back(held);
        const auto settings = LineSettings::of(params_.current());
        const auto cell = cell_of(event.tick);
        const auto now = band_chord(none_, plan_, settings, cell);
        const auto pitch = pitch_class_of(event.step.pitch);
        if (part == BandPart::bass && cell % settings.meter.bar().count() == 0) {
            ++all.bass;
            const auto third = third_of(now);
            all.bass_fits += pitch == now.bass() || pitch == now.root() || third == pitch ? 1 : 0;
        }
        if (part == BandPart::chords) {
            ++all.voices;
            const auto soon = band_chord(none_, plan_, settings, cell + kCellsPerBeat.count() / 2);
            all.voices_fit += is_chord_tone(now, pitch) || is_chord_tone(soon, pitch) ? 1 : 0;
        }
    }

    Played all;

private:
    ParamStore& params_;
    HandHarmony none_;
    HarmonyPlan plan_;
    const SimulatedTime& time_;
    std::optional<std::size_t> turns_;
    std::mt19937 random_{7};
    Ticks at_{4000};
    std::array<bool, kBandParts> waiting_{};
    std::uint64_t revision_ = 0;
    TimePoint turned_{};
};

double processor_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec) * 1e-6;
}

struct Run {
    GenreWeights weights;
    std::int64_t bars = 64;
    std::uint64_t seed = 1;
    double plays = 2.0;  // of each part
    std::optional<std::size_t> turns{};
};

Result<Played> play(Generator& generator, const Bundle& bundle, const Run& run) {
    generator.reset();
    SimulatedTime time;
    ParamStore params{bundle.genres, time};
    for (std::size_t g = 0; g < bundle.genres.size(); ++g)
        static_cast<void>(params.set_weight(g, run.weights.value[g], 0.0));
    static_cast<void>(params.set(ParamId::seed, static_cast<double>(run.seed)));
    for (const auto part : kBandPartNames)
        static_cast<void>(params.set(fmt::format("{}/plays", part), run.plays));
    AnySink sink;
    const HarmonyBook book{bundle.chords, bundle.forms, bundle.band};
    HarmonyTeller teller{book};
    Listener listener{params, book, time, run.turns};
    const auto length = Ticks{run.bars * 4 * kTicksPerBeat.count()};
    if (auto done =
            render_offline(generator, nullptr, params, sink, time, length, listener, {}, &teller);
        !done)
        return tl::unexpected{done.error()};
    return std::move(listener.all);
}

// Of pieces with a melody track and others: clashes in 100 beats of melody.
std::optional<double> real_clashes(const std::filesystem::path& folder) {
    double beats = 0, found = 0;
    for (const auto& file : std::filesystem::directory_iterator{folder}) {
        const auto bytes = read_file(file.path(), kMaxSmfBytes);
        if (!bytes) continue;
        const auto smf = read_smf(*bytes, file.path().string());
        if (!smf) continue;
        std::vector<Held> line, others;
        for (const auto& track : smf->tracks)
            for (const auto& note : notes_of(track)) {
                if (note.channel == Channel{9}) continue;
                const auto per = static_cast<double>(smf->ticks_per_beat);
                const Held held{static_cast<double>(note.onset) / per,
                                static_cast<double>(note.end) / per, note.pitch.count()};
                (track.name == "MELODY" ? line : others).push_back(held);
            }
        if (line.empty() || others.empty()) continue;
        std::ranges::sort(others, {}, &Held::from);
        std::ranges::sort(line, {}, &Held::from);
        beats += line.back().to - line.front().from;
        found += clashes(line, others);
    }
    if (beats <= 0) return {};
    return 100.0 * found / beats;
}

int run(int argc, char** argv) {
    CLI::App app{"What the band plays beside the line"};
    std::string bundle_file = FUSION_SOURCE_BUNDLE, json_file, data;
    std::int64_t bars = 64;
    std::uint64_t seeds = 2;
    app.add_option("--bundle", bundle_file, "Bundle");
    app.add_option("--bars", bars, "Bars of each");
    app.add_option("--seeds", seeds, "How many of each");
    app.add_option("--data", data, "Folder of genres, for the clashes of real pieces");
    app.add_option("--json", json_file, "Figures as JSON");
    CLI11_PARSE(app, argc, argv);
    log::set_level(log::Level::warning);
    const auto bundle = load_bundle(bundle_file);
    if (!bundle) return fmt::print(stderr, "{}\n", bundle.error().message), 1;
    if (bundle->band.empty()) return fmt::print(stderr, "this bundle has no band\n"), 1;
    auto generator = make_torch_generator(*bundle, DeviceChoice::cpu);
    if (!generator) return fmt::print(stderr, "{}\n", generator.error().message), 1;

    std::vector<std::pair<std::string, GenreWeights>> blends;
    for (const char* name : {"classical", "jazz", "pop", "folk"}) {
        const auto at = std::ranges::find(bundle->genres, name);
        if (at == bundle->genres.end()) continue;
        GenreWeights one;
        one.value[static_cast<std::size_t>(at - bundle->genres.begin())] = 10.0F;
        blends.emplace_back(name, one);
    }
    GenreWeights all;
    std::fill_n(all.value.begin(), bundle->genres.size(), 5.0F);
    blends.emplace_back("all", all);

    nlohmann::json json;
    fmt::print("{:<10} {:>6} {:>7} {:>8} {:>7} {:>6}\n", "blend", "bass", "chords", "clashes",
               "obeys", "cost");
    for (const auto& [name, weights] : blends) {
        Played sum;
        double beats = 0, found = 0, alone = 0, beside = 0;
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            for (const double plays : {0.0, 2.0}) {
                const auto before = processor_seconds();
                auto played =
                    play(**generator, *bundle, {weights, bars, seed, plays, std::nullopt});
                if (!played) return fmt::print(stderr, "{}\n", played.error().message), 1;
                (plays > 0.0 ? beside : alone) += processor_seconds() - before;
                if (plays == 0.0) continue;
                std::ranges::stable_sort(played->band, {}, &Held::from);
                found += clashes(played->line, played->band);
                beats += static_cast<double>(bars) * 4;
                sum.bass += played->bass;
                sum.bass_fits += played->bass_fits;
                sum.voices += played->voices;
                sum.voices_fit += played->voices_fit;
            }
            const auto heavy = static_cast<std::size_t>(std::ranges::max_element(weights.value) -
                                                        weights.value.begin());
            auto turned = play(**generator, *bundle, {weights, bars, seed, 2.0, heavy});
            if (!turned) return fmt::print(stderr, "{}\n", turned.error().message), 1;
            sum.turns += turned->turns;
            sum.obeyed += turned->obeyed;
        }
        const auto share = [](int part, int whole) {
            return whole == 0 ? 1.0 : static_cast<double>(part) / whole;
        };
        const double bass = share(sum.bass_fits, sum.bass);
        const double chords = share(sum.voices_fit, sum.voices);
        const double obeys = share(sum.obeyed, sum.turns);
        const double clash = 100.0 * found / beats, cost = beside / alone;
        fmt::print("{:<10} {:>6.3f} {:>7.3f} {:>8.2f} {:>7.4f} {:>6.2f}   {} of {} turns\n", name,
                   bass, chords, clash, obeys, cost, sum.obeyed, sum.turns);
        json[name] = {{"bass_on_one", bass}, {"chords_in_chord", chords}, {"clashes", clash},
                      {"obeys", obeys},      {"turns", sum.turns},        {"cost_over_line", cost}};
    }
    if (!data.empty())
        for (const auto& genre : bundle->genres) {
            const auto folder = std::filesystem::path{data} / genre;
            if (!std::filesystem::is_directory(folder)) continue;
            if (const auto real = real_clashes(folder)) {
                fmt::print("{:<10} {:>6} {:>7} {:>8.2f}   real pieces\n", genre, "", "", *real);
                json[genre]["real_clashes"] = *real;
            }
        }
    return write_json(json_file, json) ? 0 : 1;
}

}  // namespace
}  // namespace fusion::bench

int main(int argc, char** argv) {
    fusion::choose_blas_core(argv);
    return fusion::bench::run(argc, argv);
}

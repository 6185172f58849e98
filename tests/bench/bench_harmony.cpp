// What chords do to the line: how far it obeys them, and what it loses by that. Each strong genre
// alone and the blend that the bundle begins in, free, under those that are planned, and under
// progressions of several kinds by hand; everything beside the free line of the same seed, which is
// the floor. What real pieces of a genre do over their own chords stands in the bundle's record.
//
// strong    chord tones among the notes that begin on the first or the middle beat of a bar
// beat, off the same on other beats, and off the beat
// again     notes of the pitch of the note before
// entropy   of the pitch classes, bits
// spread    standard deviation of the pitches, semitones
// step      mean interval, semitones
// leaps     intervals of more than a fifth
#include <array>
#include <cmath>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/base/log.hpp"
#include "engine/model/harmony.hpp"
#include "engine/model/lead.hpp"
#include "engine/nn/blas_core.hpp"
#include "engine/nn/torch_generator.hpp"
#include "engine/params/store.hpp"
#include "engine/realtime/line/line_harmony.hpp"
#include "tests/bench/figures.hpp"

namespace fusion::bench {
namespace {

struct Kind {
    const char* name;
    const char* chords;
};
constexpr std::array<Kind, 5> kKinds{{
    {"II-V-I", "Dm7 | G7 | C^7 | C^7"},
    {"I-vi-IV-V", "C | Am | F | G"},
    {"blues in F", "F7 | Bb7 | F7 | % | Bb7 | % | F7 | D7 | Gm7 | C7 | F7 D7 | Gm7 C7"},
    {"far keys", "Ebm7 Ab7 | Db^7 | C#m7 F#7 | B^7"},
    {"two a bar", "C E7 | Am C7 | F Fm | C G7"},
}};

struct Figures {
    double strong = 0, beat = 0, off = 0, again = 0, entropy = 0, spread = 0, step = 0, leaps = 0;
};

class Tally {
public:
    void note(const HarmonyAsk& place, const Chord& chord, Pitch pitch) {
        const float weight = weight_of_place(place.at, place.meter);
        auto& [tones, all] = of_[weight >= 1.0F ? 0U : weight >= 0.6F ? 1U : 2U];
        all += 1;
        tones += is_chord_tone(chord, pitch_class_of(pitch)) ? 1 : 0;
        if (!pitches_.empty()) {
            const int interval = std::abs(pitch.count() - pitches_.back());
            again_ += interval == 0 ? 1 : 0;
            leaps_ += interval > 7 ? 1 : 0;
            steps_ += interval;
        }
        pitches_.push_back(pitch.count());
    }

    [[nodiscard]] Figures figures() const {
        const auto n = static_cast<double>(pitches_.size());
        Figures f;
        f.strong = share(of_[0]);
        f.beat = share(of_[1]);
        f.off = share(of_[2]);
        f.again = again_ / n;
        f.step = steps_ / n;
        f.leaps = leaps_ / n;
        std::array<double, 12> classes{};
        double sum = 0, squares = 0;
        for (const int pitch : pitches_) {
            classes[static_cast<std::size_t>(pitch % 12)] += 1;
            sum += pitch;
            squares += static_cast<double>(pitch) * pitch;
        }
        for (const double count : classes)
            if (count > 0) f.entropy -= count / n * std::log2(count / n);
        f.spread = std::sqrt(squares / n - sum / n * (sum / n));
        return f;
    }

private:
    struct Of {
        double tones = 0, all = 0;
    };
    static double share(const Of& of) { return of.all > 0 ? of.tones / of.all : 0.0; }
    std::array<Of, 3> of_{};
    std::vector<int> pitches_;
    double again_ = 0, leaps_ = 0, steps_ = 0;
};

struct Run {
    Blend blend;
    std::uint64_t seed;
    std::uint32_t steps;
    double pull;
    HarmonySource source = HarmonySource::hand;
};

// A line of so many steps, which obeys the first of `chords` as far as `pull`, by hand or by plan;
// its notes are counted against each of them.
Status play(Generator& generator, const Run& run, std::span<const HandHarmony> chords,
            std::span<Tally> tallies) {
    const SimulatedTime time;
    const ParamStore params{{}, time};
    auto settings = LineSettings::of(params.current());
    settings.harmony = run.source;
    settings.harmony_pull = static_cast<float>(run.pull);
    settings.sampling.seed = run.seed;
    for (std::size_t g = 0; g < kMaxGenres; ++g) settings.weights.value[g] = run.blend.share[g];
    generator.reset();
    HarmonyPlan plan{chords.front().book};
    // What the notes are counted against is the plan of a line that obeys it.
    auto obeying = settings;
    obeying.harmony_pull = 1.0F;
    Ticks start{0};
    HarmonyAsk before;
    for (std::uint32_t i = 0; i < run.steps; ++i) {
        StepRequest request;
        request.index = i;
        request.position = bar_position(cell_of(start), settings.meter);
        request.phrase = phrase_of(cell_of(start), settings.meter);
        request.blend = run.blend;
        request.sampling = settings.sampling;
        request.harmony = harmony_ask(chords.front(), plan, settings, start, before);
        request.returns = plan.form().returns(form_ask(settings), cell_of(start), settings.meter);
        const auto made = generator.generate(request);
        if (!made) return tl::unexpected{made.error()};
        const auto& event = generator.vocabulary()[made->event];
        if (event.pitch) {
            auto place = request.harmony;
            place.meter = settings.meter;
            place.at =
                Cells{static_cast<std::int32_t>(cell_of(start) % settings.meter.bar().count())};
            for (std::size_t c = 0; c < chords.size(); ++c)
                tallies[c].note(place, sounding_chord(chords[c], plan, obeying, cell_of(start)),
                                *event.pitch);
        }
        before = request.harmony;
        start += to_ticks(event.duration);
        generator.forget_before(i);
    }
    return {};
}

nlohmann::json json_of(const Figures& f) {
    return {{"strong", f.strong},   {"beat", f.beat},     {"off", f.off},   {"again", f.again},
            {"entropy", f.entropy}, {"spread", f.spread}, {"step", f.step}, {"leaps", f.leaps}};
}

void print(const std::string& blend, const char* kind, const Figures& f) {
    fmt::print(
        "{:<10} {:<12} {:>7.3f} {:>6.3f} {:>6.3f} {:>7.3f} {:>8.2f} {:>7.2f} {:>6.2f} {:>6.3f}\n",
        blend, kind, f.strong, f.beat, f.off, f.again, f.entropy, f.spread, f.step, f.leaps);
}

int run(int argc, char** argv) {
    CLI::App app{"How the line obeys chords that are given by hand, and what it loses by it"};
    std::string bundle_file = FUSION_SOURCE_BUNDLE;
    std::string json_file;
    std::uint32_t steps = 400;
    std::uint64_t seeds = 6;
    std::string only;
    double pull = spec(ParamId::harmony_pull).initial;
    app.add_option("--bundle", bundle_file, "trained bundle");
    app.add_option("--json", json_file, "also write the figures here");
    app.add_option("--steps", steps, "of each line")->check(CLI::PositiveNumber);
    app.add_option("--seeds", seeds, "lines of each kind")->check(CLI::PositiveNumber);
    app.add_option("--blend", only, "a genre, or start, alone");
    app.add_option("--pull", pull, "harmony_pull")->check(CLI::Range(0.0, 1.0));
    CLI11_PARSE(app, argc, argv);
    log::set_level(log::Level::warning);

    const auto bundle = load_bundle(bundle_file);
    if (!bundle) return fmt::print(stderr, "{}\n", bundle.error().message), 1;
    auto generator = make_torch_generator(*bundle, DeviceChoice::cpu);
    if (!generator) return fmt::print(stderr, "{}\n", generator.error().message), 1;

    std::vector<std::pair<std::string, Blend>> blends;
    for (const char* name : {"classical", "jazz", "pop", "folk"}) {
        const auto at = std::ranges::find(bundle->genres, name);
        if (at == bundle->genres.end()) continue;
        Blend one;
        one.share[static_cast<std::size_t>(at - bundle->genres.begin())] = 1.0F;
        blends.emplace_back(name, one);
    }
    GenreWeights start;
    std::ranges::copy(bundle->start, start.value.begin());
    if (!bundle->start.empty()) blends.emplace_back("start", normalised(start));

    nlohmann::json all;
    fmt::print("pull {}, {} lines of {} steps each; under each kind first the free line\n", pull,
               seeds, steps);
    fmt::print("{:<10} {:<12} {:>7} {:>6} {:>6} {:>7} {:>8} {:>7} {:>6} {:>6}\n", "blend", "chords",
               "strong", "beat", "off", "again", "entropy", "spread", "step", "leaps");
    std::vector<HandHarmony> chords;
    for (const auto& kind : kKinds) {
        auto progression = Progression::parse(kind.chords);
        if (!progression) return fmt::print(stderr, "{}\n", progression.error().message), 1;
        chords.push_back({1, std::move(*progression), {}});
    }
    const auto play_all = [&](const Blend& blend, double p, std::span<const HandHarmony> of,
                              std::span<Tally> tallies) -> Status {
        for (std::uint64_t seed = 1; seed <= seeds; ++seed)
            if (auto played = play(**generator, {blend, seed, steps, p}, of, tallies); !played)
                return played;
        return {};
    };
    const auto record = nlohmann::json::parse(bundle->record, nullptr, false);
    const auto play_plan = [&](const std::string& name, const Blend& blend) -> Status {
        HandHarmony planned;
        planned.book = {bundle->chords, bundle->forms};
        std::array<Tally, 2> tallies;
        for (std::uint64_t seed = 1; seed <= seeds; ++seed)
            for (std::size_t i = 0; i < tallies.size(); ++i)
                if (auto played = play(
                        **generator, {blend, seed, steps, i == 0 ? 0.0 : pull, HarmonySource::plan},
                        {&planned, 1}, {&tallies[i], 1});
                    !played)
                    return played;
        print(name, "(free)", tallies[0].figures());
        print(name, "planned", tallies[1].figures());
        all[name]["planned"] = {{"free", json_of(tallies[0].figures())},
                                {"pulled", json_of(tallies[1].figures())}};
        const auto real = nlohmann::json::json_pointer{"/chords/" + name + "/tones_on_heavy_beats"};
        if (record.is_object() && record.contains(real)) {
            const double share = record[real].get<double>();
            fmt::print("{:<10} {:<12} {:>7.3f}   played over real {:.2f}\n", name, "(real)", share,
                       tallies[1].figures().strong / share);
            all[name]["planned"]["real"] = share;
        }
        return {};
    };
    for (const auto& [name, blend] : blends) {
        if (!only.empty() && only != name) continue;
        if (auto played = play_plan(name, blend); !played)
            return fmt::print(stderr, "{}\n", played.error().message), 1;
        std::array<Tally, kKinds.size()> free{}, pulled{};
        if (auto played = play_all(blend, 0.0, chords, free); !played)
            return fmt::print(stderr, "{}\n", played.error().message), 1;
        for (std::size_t k = 0; k < kKinds.size(); ++k) {
            if (auto played =
                    play_all(blend, pull, std::span{chords}.subspan(k, 1), {&pulled[k], 1});
                !played)
                return fmt::print(stderr, "{}\n", played.error().message), 1;
            print(name, "(free)", free[k].figures());
            print(name, kKinds[k].name, pulled[k].figures());
            all[name][kKinds[k].name] = {{"free", json_of(free[k].figures())},
                                         {"pulled", json_of(pulled[k].figures())}};
        }
    }
    return write_json(json_file, all) ? 0 : 1;
}

}  // namespace
}  // namespace fusion::bench

int main(int argc, char** argv) {
    fusion::choose_blas_core(argv);
    return fusion::bench::run(argc, argv);
}

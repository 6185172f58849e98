#include "daemon/render.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "daemon/generators.hpp"
#include "daemon/hands/chord_teller.hpp"
#include "daemon/hands/section_teller.hpp"
#include "daemon/progress_line.hpp"
#include "daemon/session_desk.hpp"
#include "daemon/starting_values.hpp"
#include "daemon/synth/fluid_instrument.hpp"
#include "daemon/synth/sound_font.hpp"
#include "engine/base/log.hpp"
#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"
#include "engine/music/timeline.hpp"
#include "engine/params/band_params.hpp"

namespace fusion {
namespace {

// Turns deadlines back into ticks along the same time line as the clock's: it starts at tick 0, and
// a change of tempo goes through the point where it is made.
class Collector final : public MidiSink {
public:
    enum class Sound : std::uint8_t { none, wanted };
    Collector(const ParamStore& params, const SimulatedTime& time, Sound sound)
        : params_{params},
          time_{time},
          sound_{sound},
          timeline_{Ticks{0}, time.now(), Bpm{params.current().real(ParamId::tempo)}} {
        writer_.name("fusiond");
        name_tracks();
        writer_.tempo(Ticks{0}, timeline_.tempo());
        meter_ = params.current().meter();
        writer_.meter(Ticks{0}, meter_);
        score_.begins = time.now();
        score_.settings.emplace_back(time.now(), synth_settings(params.current()));
    }

    bool send(const TimedMessage& message) noexcept override {
        score_.messages.push_back(message);
        if (message.hearers != Hearers::everyone) return true;
        writer_.message(timeline_.tick_at(message.deadline), message.message);
        if (message.message.is_note_on()) ++notes_;
        return true;
    }
    [[nodiscard]] bool has(Hearers hearers) const noexcept override {
        return hearers == Hearers::everyone || sound_ == Sound::wanted;
    }
    [[nodiscard]] Nanos lead() const noexcept override { return Nanos{0}; }

    // After a change of parameters at `at`.
    void follow(Ticks at) {
        const Bpm tempo{params_.current().real(ParamId::tempo)};
        if (tempo != timeline_.tempo()) {
            timeline_ = timeline_.with_tempo(tempo, time_.now());
            writer_.tempo(at, tempo);
        }
        name_tracks();
        if (const auto meter = params_.current().meter(); meter != meter_) {
            meter_ = meter;
            writer_.meter(at, meter);
        }
        if (const auto settings = synth_settings(params_.current());
            settings != score_.settings.back().second)
            score_.settings.emplace_back(time_.now(), settings);
    }

    void follow() { follow(timeline_.tick_at(time_.now())); }

    void chord(const Chord& chord, TimePoint due) {
        writer_.marker(timeline_.tick_at(due), chord_marker(chord));
    }

    void section(const std::string& section, TimePoint due) {
        writer_.marker(timeline_.tick_at(due), section_marker(section));
    }

    [[nodiscard]] Rendered finish(Ticks length) {
        score_.ends = time_.now();
        return {writer_.bytes(length), length, notes_, std::move(score_)};
    }

private:
    // Of the band's parts that are heard. One on the line's channel stays on the line's track.
    void name_tracks() {
        const auto line = params_.current().integer(ParamId::channel);
        for (const auto part : kAllBandParts) {
            const auto said = band_settings(params_.current(), part);
            if (said.plays == BandPlace::on && said.channel != line)
                writer_.track(Channel{static_cast<std::uint8_t>(said.channel - 1)},
                              std::string{kBandPartNames[index_of(part)]});
        }
    }

    const ParamStore& params_;
    const SimulatedTime& time_;
    Sound sound_;
    SmfWriter writer_;
    Timeline timeline_;
    Meter meter_;
    std::size_t notes_ = 0;
    Score score_;
};

// Obeys a session at its places, and takes a scene that is on its way along by each cell.
class SessionHand final : public OfflineHand {
public:
    SessionHand(const std::vector<SessionChange>& changes, const PlacedSession& session,
                const RenderOptions& options, ParamStore& params, const SimulatedTime& time,
                Collector& collector)
        : changes_{changes},
          session_{session},
          params_{params},
          time_{time},
          desk_{params, time, options.scenes, options.book},
          chords_{desk_.harmony(),
                  [&collector](const Chord& chord, TimePoint due) { collector.chord(chord, due); }},
          sections_{desk_.harmony(),
                    [&collector](const std::string& section, TimePoint due) {
                        collector.section(section, due);
                    }},
          collector_{collector},
          heard_{options.heard} {}

    [[nodiscard]] std::optional<Ticks> next() const override {
        std::optional<Ticks> place;
        if (obeyed_ < changes_.size()) place = session_.places[obeyed_];
        if (!desk_.has_turns()) return place;
        const auto turn = turned_ + Ticks{kTicksPerCell};
        return std::min(place.value_or(turn), turn);
    }

    void turn(Ticks at, Ticks head) override {
        turned_ = at;
        chords_.turn(time_.now());  // by the tempo that was
        desk_.turn(head);
        for (; obeyed_ < changes_.size() && session_.places[obeyed_] <= at; ++obeyed_)
            // place_session() has tried each of them.
            static_cast<void>(desk_.obey(changes_[obeyed_]));
        collector_.follow(at);
        chords_.look(head, time_.now(), tempo());
        sections_.look(head, time_.now());
    }
    void played(const PlayedEvent& event) override {
        if (heard_) heard_(event);
        chords_.played(event, tempo());
        chords_.turn(event.due);
        sections_.played(event);
        desk_.played(event);
        collector_.follow();
    }

    [[nodiscard]] HarmonyTeller& harmony() { return desk_.harmony().teller(); }
    // The chords of the last beat, too.
    void finish() { chords_.turn(TimePoint::max()); }

private:
    [[nodiscard]] Bpm tempo() const { return Bpm{params_.current().real(ParamId::tempo)}; }

    const std::vector<SessionChange>& changes_;
    const PlacedSession& session_;
    const ParamStore& params_;
    const SimulatedTime& time_;
    SessionDesk desk_;
    ChordTeller chords_;
    SectionTeller sections_;
    Collector& collector_;
    std::function<void(const PlayedEvent&)> heard_;
    std::size_t obeyed_ = 0;
    Ticks turned_{0};
};

}  // namespace

Result<Rendered> render(Generator& generator, Generator* fallback, ParamStore& params,
                        SimulatedTime& time, const RenderOptions& options,
                        const std::function<void(double)>& progress) {
    auto changes = options.changes;
    std::stable_sort(changes.begin(), changes.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
    const auto session =
        place_session(changes, options.bars, options.length, params, options.scenes);
    if (!session) return tl::unexpected{session.error()};

    Collector collector{params, time,
                        options.sounds.empty() ? Collector::Sound::none : Collector::Sound::wanted};
    SessionHand hand{changes, *session, options, params, time, collector};
    const auto length = session->length;
    const auto tell = [&](Ticks at) {
        if (progress)
            progress(static_cast<double>(at.count()) / static_cast<double>(length.count()));
    };
    if (auto done = render_offline(generator, fallback, params, collector, time, length, hand, tell,
                                   &hand.harmony(), options.told);
        !done)
        return tl::unexpected{done.error()};
    hand.finish();
    return collector.finish(length);
}

namespace {

// The files that the sound goes to, and who makes it.
class SoundStage {
public:
    static constexpr SampleRate kRate{48000};

    // Before any music is made: what is wrong with a place or a font is known at once.
    static Started<SoundStage> open(const std::vector<SoundTarget>& targets, const Config& config,
                                    const std::vector<std::string>& genres) {
        SoundStage stage;
        if (targets.empty()) return stage;
        auto font = find_sound_font(config.synth.font);
        if (!font) return refuse(ExitCode::not_found, font.error().message);
        auto instrument = FluidInstrument::make({std::move(*font), kRate, genres});
        if (!instrument) return refuse(ExitCode::unavailable, instrument.error().message);
        stage.instrument_ = std::move(*instrument);
        for (const auto& target : targets) {
            auto file = SoundFile::open(target, kRate);
            if (!file) return refuse(ExitCode::cannot_write, file.error().message);
            stage.files_.push_back(std::move(*file));
        }
        return stage;
    }

    Result<RenderedSound> play(const Score& score) {
        ProgressLine line{stderr, "sound"};
        const SoundOutlet outlet{[this](std::span<const float> block) -> Status {
                                     for (auto& file : files_)
                                         if (auto written = file.write(block); !written)
                                             return written;
                                     return {};
                                 },
                                 [&](double share) { line.show(share); }};
        auto made = render_sound(score, *instrument_, kRate, outlet);
        if (!made) return made;
        for (auto& file : files_)
            if (auto closed = file.close(); !closed) return tl::unexpected{closed.error()};
        return made;
    }

private:
    std::unique_ptr<Instrument> instrument_;
    std::vector<SoundFile> files_;
};

Started<void> write_sound(SoundStage& stage, const RenderOptions& options, const Score& score) {
    if (options.sounds.empty()) return {};
    const auto made = stage.play(score);
    if (!made) return refuse(ExitCode::cannot_write, made.error().message);
    const double seconds = static_cast<double>(made->length.count()) / SoundStage::kRate.count();
    for (const auto& target : options.sounds)
        fmt::print(stderr, "{}: {:.1f} s, peak {:.1f} dB\n", target.file.string(), seconds,
                   20.0 * std::log10(std::max(made->peak, 1e-6F)));
    return {};
}

}  // namespace

Started<void> run_render(const Config& config, RenderOptions options) {
    auto bundle = open_bundle(config);
    if (!bundle) return tl::unexpected{bundle.error()};
    SimulatedTime time;
    ParamStore params{bundle->genres, time};
    begin_in_blend(bundle->start, params);
    if (auto applied = apply_config(config, params); !applied)
        return refuse(ExitCode::usage, applied.error().message);
    auto saved = read_state(state_place(config.state.path));
    if (!saved) {
        log::warning("{}; saved scenes are left out", saved.error().message);
        saved.emplace();
    }
    options.scenes = std::move(saved->scenes);
    options.book = {bundle->chords, bundle->forms, bundle->band};
    SceneDesk scenes{params,
                     [] { return 0.0; },
                     {{}, options.scenes, {}},
                     [&](const std::string& what) {
                         if (config.beginning.scene) log::warning("{}", what);
                     }};
    if (auto begun = begin_as_said(config.beginning, scenes, params); !begun)
        return refuse(ExitCode::usage, begun.error().message);
    for (const auto& row : param_table())
        if (is_of_a_port(row.name)) static_cast<void>(params.set(row.id, row.initial));
    auto generators = make_generators(*bundle, config.device);
    if (!generators) return tl::unexpected{generators.error()};
    auto stage = SoundStage::open(options.sounds, config, bundle->genres);
    if (!stage) return tl::unexpected{stage.error()};

    std::optional<ProgressLine> line{std::in_place, stderr, "music"};
    const auto progress = [&](double share) { line->show(share); };
    auto* neural = generators->neural.get();
    auto* fallback = generators->fallback.get();
    const auto made = neural != nullptr
                          ? render(*neural, fallback, params, time, options, progress)
                          : render(*fallback, nullptr, params, time, options, progress);
    line.reset();
    if (!made) {
        const bool usage = made.error().code == Error::Code::out_of_range ||
                           made.error().code == Error::Code::not_found;
        return refuse(usage ? ExitCode::usage : ExitCode::failed, made.error().message);
    }
    if (!options.out.empty()) {
        if (auto written = write_file(options.out, made->bytes); !written)
            return refuse(ExitCode::cannot_write, written.error().message);
        const auto long_as =
            options.length ? fmt::format("{:g} beats", static_cast<double>(made->length.count()) /
                                                           kTicksPerBeat.count())
                           : fmt::format("{} bars", options.bars);
        fmt::print(stderr, "{}: {}, {} notes, {} bytes\n", options.out.string(), long_as,
                   made->notes, made->bytes.size());
    }
    return write_sound(*stage, options, made->score);
}

}  // namespace fusion

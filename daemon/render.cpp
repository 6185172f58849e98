#include "daemon/render.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "daemon/generators.hpp"
#include "daemon/session_desk.hpp"
#include "daemon/starting_values.hpp"
#include "engine/base/log.hpp"
#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"
#include "engine/music/timeline.hpp"

namespace fusion {
namespace {

// Turns deadlines back into ticks along the same time line as the clock's: it starts at tick 0, and
// a change of tempo goes through the point where it is made.
class SmfCollector final : public MidiSink {
public:
    SmfCollector(const ParamStore& params, const SimulatedTime& time)
        : params_{params},
          time_{time},
          timeline_{Ticks{0}, time.now(), Bpm{params.current().real(ParamId::tempo)}} {
        writer_.name("fusiond");
        writer_.tempo(Ticks{0}, timeline_.tempo());
        meter_ = params.current().meter();
        writer_.meter(Ticks{0}, meter_);
    }

    bool send(const TimedMessage& message) noexcept override {
        writer_.message(timeline_.tick_at(message.deadline), message.message);
        if (message.message.is_note_on()) ++notes_;
        return true;
    }
    [[nodiscard]] Nanos lead() const noexcept override { return Nanos{0}; }

    // After a change of parameters at `at`.
    void follow(Ticks at) {
        const Bpm tempo{params_.current().real(ParamId::tempo)};
        if (tempo != timeline_.tempo()) {
            timeline_ = timeline_.with_tempo(tempo, time_.now());
            writer_.tempo(at, tempo);
        }
        if (const auto meter = params_.current().meter(); meter != meter_) {
            meter_ = meter;
            writer_.meter(at, meter);
        }
    }

    [[nodiscard]] Rendered finish(Ticks length) const {
        return {writer_.bytes(length), length, notes_};
    }

private:
    const ParamStore& params_;
    const SimulatedTime& time_;
    SmfWriter writer_;
    Timeline timeline_;
    Meter meter_;
    std::size_t notes_ = 0;
};

// Obeys a session at its places, and takes a scene that is on its way along by each cell.
class SessionHand final : public OfflineHand {
public:
    SessionHand(const std::vector<SessionChange>& changes, const PlacedSession& session,
                const std::vector<Scene>& scenes, ParamStore& params, const SimulatedTime& time,
                SmfCollector& collector)
        : changes_{changes},
          session_{session},
          desk_{params, time, scenes},
          collector_{collector} {}

    [[nodiscard]] std::optional<Ticks> next() const override {
        std::optional<Ticks> place;
        if (obeyed_ < changes_.size()) place = session_.places[obeyed_];
        if (!desk_.has_turns()) return place;
        const auto turn = turned_ + Ticks{kTicksPerCell};
        return std::min(place.value_or(turn), turn);
    }

    void turn(Ticks at, Ticks head) override {
        turned_ = at;
        desk_.turn(head);
        for (; obeyed_ < changes_.size() && session_.places[obeyed_] <= at; ++obeyed_)
            // place_session() has tried each of them.
            static_cast<void>(desk_.obey(changes_[obeyed_]));
        collector_.follow(at);
    }

private:
    const std::vector<SessionChange>& changes_;
    const PlacedSession& session_;
    SessionDesk desk_;
    SmfCollector& collector_;
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
    const auto session = place_session(changes, options.bars, params, options.scenes);
    if (!session) return tl::unexpected{session.error()};

    SmfCollector collector{params, time};
    SessionHand hand{changes, *session, options.scenes, params, time, collector};
    const auto length = session->length;
    const auto tell = [&](Ticks at) {
        if (progress)
            progress(static_cast<double>(at.count()) / static_cast<double>(length.count()));
    };
    if (auto done =
            render_offline(generator, fallback, params, collector, time, length, hand, tell);
        !done)
        return tl::unexpected{done.error()};
    return collector.finish(length);
}

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

    const bool show = ::isatty(::fileno(stderr)) != 0;
    int shown = -1;
    const auto progress = [&](double share) {
        const int percent = static_cast<int>(share * 100.0);
        if (!show || percent == shown) return;
        shown = percent;
        fmt::print(stderr, "\rrender {:3d} %{}", percent, percent == 100 ? "\n" : "");
    };
    auto* neural = generators->neural.get();
    auto* fallback = generators->fallback.get();
    const auto made = neural != nullptr
                          ? render(*neural, fallback, params, time, options, progress)
                          : render(*fallback, nullptr, params, time, options, progress);
    if (!made) {
        const bool usage = made.error().code == Error::Code::out_of_range ||
                           made.error().code == Error::Code::not_found;
        return refuse(usage ? ExitCode::usage : ExitCode::failed, made.error().message);
    }
    if (auto written = write_file(options.out, made->bytes); !written)
        return refuse(ExitCode::cannot_write, written.error().message);
    fmt::print(stderr, "{}: {} bars, {} notes, {} bytes\n", options.out.string(), options.bars,
               made->notes, made->bytes.size());
    return {};
}

}  // namespace fusion

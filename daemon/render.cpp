#include "daemon/render.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

#include "config/nearest.hpp"
#include "daemon/generators.hpp"
#include "daemon/starting_values.hpp"
#include "engine/corpus/file_bytes.hpp"
#include "engine/corpus/smf.hpp"
#include "engine/music/timeline.hpp"

namespace fusion {
namespace {

Meter meter_of(const ParamSnapshot& params) {
    return {static_cast<std::uint8_t>(params.integer(ParamId::meter_numerator)),
            static_cast<std::uint8_t>(params.integer(ParamId::meter_denominator))};
}

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
        meter_ = meter_of(params.current());
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
        if (const auto meter = meter_of(params_.current()); meter != meter_) {
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

// What is about a port or the time of day has no meaning in a file.
bool of_a_port(std::string_view path) {
    constexpr std::array<std::string_view, 7> kThose{"sync", "clock_out", "offset",  "thru",
                                                     "tap",  "takeover",  "timetags"};
    return std::find(kThose.begin(), kThose.end(), path) != kThose.end();
}

Status apply_change(const BarChange& change, ParamStore& params) {
    if (of_a_port(change.path))
        return fail(Error::Code::out_of_range,
                    fmt::format("--at {} {}: it is about a port, and this is a file; leave it out",
                                change.bar, change.path));
    if (const auto* action = find_action(change.path)) {
        if (change.value == 0.0) return {};
        const auto acted = params.act(action->id, change.value);
        if (!acted) return tl::unexpected{acted.error()};
        return {};
    }
    const auto set = params.set(change.path, change.value);
    if (!set) return tl::unexpected{set.error()};
    if (set->clamped)
        return fail(Error::Code::out_of_range,
                    fmt::format("--at {} {} {}: out of range; the nearest is {}", change.bar,
                                change.path, change.value, set->value));
    return {};
}

// Where each bar begins: a change of metre changes the length of the bars from there on. A store of
// its own finds what is wrong with the changes before a note is made.
Result<std::vector<Ticks>> place(const std::vector<BarChange>& changes, std::int64_t bars,
                                 const ParamStore& start, Ticks& length) {
    const SimulatedTime time;
    ParamStore trial{start.genres(), time};
    for (const auto& row : param_table())
        if (auto set = trial.set(row.id, start.current().real(row.id)); !set)
            return tl::unexpected{set.error()};
    std::vector<Ticks> places;
    std::int64_t bar = 0;
    Ticks at{0};
    const auto go_to = [&](std::int64_t next) {
        at += to_ticks(meter_of(trial.current()).bar()) * (next - bar);
        bar = next;
    };
    for (const auto& change : changes) {
        if (change.bar > bars)
            return fail(Error::Code::out_of_range,
                        fmt::format("--at {}: the music ends after {} bars", change.bar, bars));
        go_to(change.bar);
        places.push_back(at);
        if (auto applied = apply_change(change, trial); !applied)
            return tl::unexpected{applied.error()};
    }
    go_to(bars);
    length = at;
    return places;
}

}  // namespace

Result<BarChange> parse_change(std::int64_t bar, const std::string& path,
                               const std::string& value) {
    BarChange change{bar, path, 0.0};
    std::string number = value;
    if (path == spec(FamilyId::weight).name) {
        const auto equals = value.find('=');
        if (equals == std::string::npos)
            return fail(
                Error::Code::malformed,
                fmt::format("--at {} weight {}: write GENRE=W, as in weight jazz=0", bar, value));
        change.path = fmt::format("{}/{}", path, value.substr(0, equals));
        number = value.substr(equals + 1);
    }
    if (const auto* row = find_param(path); row != nullptr && row->type == ParamType::choice)
        if (const auto word = find_word(row->words, number)) number = fmt::format("{}", *word);
    const char* end = number.data() + number.size();
    const auto [stopped, error] = std::from_chars(number.data(), end, change.value);
    if (error != std::errc{} || stopped != end || !std::isfinite(change.value) || bar < 0)
        return fail(Error::Code::malformed,
                    fmt::format("--at {} {} {}: the bar counts from 0 and the value is a number",
                                bar, path, value));
    return change;
}

Result<Rendered> render(Generator& generator, Generator* fallback, ParamStore& params,
                        SimulatedTime& time, const RenderOptions& options,
                        const std::function<void(double)>& progress) {
    auto changes = options.changes;
    std::stable_sort(changes.begin(), changes.end(),
                     [](const auto& a, const auto& b) { return a.bar < b.bar; });
    Ticks length{0};
    const auto places = place(changes, options.bars, params, length);
    if (!places) return tl::unexpected{places.error()};

    SmfCollector collector{params, time};
    std::vector<ScheduledChange> scheduled;
    for (std::size_t i = 0; i < changes.size(); ++i)
        scheduled.push_back({(*places)[i], [&, i](ParamStore& store) {
                                 // place() has tried each of them.
                                 static_cast<void>(apply_change(changes[i], store));
                                 collector.follow((*places)[i]);
                             }});
    const auto tell = [&](Ticks at) {
        if (progress)
            progress(static_cast<double>(at.count()) / static_cast<double>(length.count()));
    };
    if (auto done =
            render_offline(generator, fallback, params, collector, time, length, scheduled, tell);
        !done)
        return tl::unexpected{done.error()};
    return collector.finish(length);
}

Started<void> run_render(const Config& config, const RenderOptions& options) {
    auto bundle = open_bundle(config);
    if (!bundle) return tl::unexpected{bundle.error()};
    SimulatedTime time;
    ParamStore params{bundle->genres, time};
    if (auto applied = apply_config(config, params); !applied)
        return refuse(ExitCode::usage, applied.error().message);
    for (const auto& row : param_table())
        if (of_a_port(row.name)) static_cast<void>(params.set(row.id, row.initial));
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

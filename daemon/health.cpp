#include "daemon/health.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace fusion {
namespace {

using namespace std::chrono_literals;

template <class Value>
Value read(const std::atomic<Value>& of) {
    return of.load(std::memory_order_relaxed);
}

double seconds(Nanos time) { return std::chrono::duration<double>(time).count(); }

std::uint64_t resident_bytes() {
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    std::ifstream{"/proc/self/statm"} >> all >> resident;
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto of = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return of(used.ru_utime) + of(used.ru_stime);
}

// https://prometheus.io/docs/instrumenting/exposition_formats/
class Page {
public:
    enum class Kind : std::uint8_t { gauge, counter };
    void head(std::string_view name, Kind kind, std::string_view help) {
        text_ += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help,
                             kind == Kind::counter ? "counter" : "gauge");
    }
    void add(std::string_view name, Kind kind, std::string_view help, double value,
             std::string_view labels = {}) {
        head(name, kind, help);
        line(name, value, labels);
    }
    void line(std::string_view name, double value, std::string_view labels) {
        if (labels.empty())
            text_ += fmt::format("{} {:.17g}\n", name, value);
        else
            text_ += fmt::format("{}{{{}}} {:.17g}\n", name, labels, value);
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    std::string text_;
};

}  // namespace

bool Health::should_sound() const {
    const auto& now = params_.current();
    const auto& weights = now.weights.value;
    return now.on(ParamId::playing) && !now.on(ParamId::mute) &&
           std::any_of(weights.begin(),
                       weights.begin() + static_cast<std::ptrdiff_t>(params_.genres().size()),
                       [](float weight) { return weight > 0.0F; });
}

// The line may rest for so long, and a generator may be slow at the start.
Nanos Health::longest_silence() const {
    const double beats = params_.current().real(ParamId::longest_rest);
    const double tempo = std::max(1.0, read(meters_.tempo));
    const double rest = (beats > 0.0 ? beats : 64.0) * 60.0 / tempo;
    return 10s + std::chrono::duration_cast<Nanos>(std::chrono::duration<double>(rest));
}

void Health::look(TimePoint now) {
    constexpr Nanos kClockIsStuck = 3s;
    const auto since = begun_ ? now - now_ : Nanos{0};
    if (!begun_) begun_ = beat_at_ = note_at_ = now;
    now_ = now;
    lateness_.turn(now);
    reasons_.clear();
    const auto facts = facts_();

    if (const auto beat = read(meters_.clock_heartbeat); std::exchange(beat_, beat) != beat)
        beat_at_ = now;
    if (!read(meters_.ready))
        reasons_.emplace_back("it has not begun to play");
    else if (now - beat_at_ >= kClockIsStuck)
        reasons_.push_back(
            fmt::format("the clock has not turned for {:.0f} s", seconds(now - beat_at_)));

    const bool wanted = should_sound();
    const auto notes = read(meters_.notes_on);
    if (std::exchange(notes_, notes) != notes || !wanted) note_at_ = now;
    if (wanted && now - note_at_ > longest_silence())
        reasons_.push_back(fmt::format("it plays, and there has been no note for {:.0f} s",
                                       seconds(now - note_at_)));

    if (!facts.has_output)
        reasons_.emplace_back("there is no output");
    else if (!facts.is_heard)
        reasons_.emplace_back("nobody is connected to the output");
    if (const auto refused = read(meters_.sink_refused);
        std::exchange(refused_, refused) != refused)
        reasons_.emplace_back("the output refuses what it is given");
    if (!facts.has_output || !facts.is_heard) unheard_ += since;
}

HttpAnswer Health::healthz() const {
    nlohmann::ordered_json json{{"status", reasons_.empty() ? "ok" : "red"},
                                {"playing", params_.current().on(ParamId::playing)},
                                {"reasons", reasons_}};
    HttpAnswer answer{reasons_.empty() ? 200U : 503U, "application/json", json.dump() + "\n"};
    answer.fields.emplace_back("Cache-Control", "no-store");
    return answer;
}

HttpAnswer Health::metrics() const {
    using enum Page::Kind;
    Page page;
    const auto facts = facts_();
    const auto count = [&](std::string_view name, std::string_view help, std::uint64_t value) {
        page.add(fmt::format("fusiond_{}_total", name), counter, help, static_cast<double>(value));
    };
    const auto is = [&](std::string_view name, std::string_view help, double value) {
        page.add(fmt::format("fusiond_{}", name), gauge, help, value);
    };
    page.add("fusiond_info", gauge, "The version, as a label.", 1,
             fmt::format("version=\"{}\"", facts.version));
    is("healthy", "1 while /healthz is green.", reasons_.empty() ? 1 : 0);
    is("up_seconds", "Since the start; it falls with each restart.",
       begun_ ? seconds(now_ - *begun_) : 0);
    is("playing", "1 while the transport runs.", params_.current().on(ParamId::playing) ? 1 : 0);
    is("tempo_bpm", "The tempo in force.", read(meters_.tempo));
    is("song_beats", "Where the play head stands in the song.",
       static_cast<double>(read(meters_.song_ticks)) / static_cast<double>(kTicksPerBeat.count()));
    page.head("fusiond_rung", gauge, "1 for the rung of the ladder that plays now.");
    constexpr std::array<std::pair<Rung, std::string_view>, 4> kRungs{{{Rung::neural, "neural"},
                                                                       {Rung::ngram, "ngram"},
                                                                       {Rung::repeat, "repeat"},
                                                                       {Rung::silence, "silence"}}};
    for (const auto& [rung, name] : kRungs)
        page.line("fusiond_rung", read(meters_.rung) == rung ? 1 : 0,
                  fmt::format("rung=\"{}\"", name));
    is("clock_realtime", "1 where SCHED_FIFO was granted.",
       read(meters_.clock_is_realtime) ? 1 : 0);
    is("memory_locked", "1 where memory is locked.", read(meters_.memory_is_locked) ? 1 : 0);
    is("steps_ready", "Steps composed and not yet committed.", read(meters_.horizon_depth));

    const auto late = lateness_.recent();
    const auto in_seconds = [](Micros time) { return static_cast<double>(time.count()) * 1e-6; };
    is("lateness_p50_seconds", "Half of the last minute's messages were later.",
       in_seconds(late.p50));
    is("lateness_p99_seconds", "One in a hundred of the last minute was later.",
       in_seconds(late.p99));
    is("lateness_p999_seconds", "One in a thousand of the last minute was later.",
       in_seconds(late.p999));
    is("lateness_max_seconds", "The latest of the last minute.", in_seconds(late.max));
    count("messages", "Messages handed to the output.", meters_.lateness.count());
    count("steps", "Steps played.", read(meters_.steps_committed));
    count("notes_on", "Notes begun.", read(meters_.notes_on));
    count("notes_off", "Notes ended.", read(meters_.notes_off));
    count("underruns", "Times that the clock found no step.", read(meters_.underruns));
    count("late_steps", "Steps that came too late to be played.", read(meters_.late_steps));
    count("sink_refused", "Messages that the output had no room for.", read(meters_.sink_refused));
    count("events_dropped", "Played events that control had no room for.",
          read(meters_.events_dropped));
    count("generator_errors", "Steps that the networks failed at.", read(meters_.generator_errors));
    page.add("fusiond_unheard_seconds_total", counter,
             "Time without an output, or with nobody connected to it.", seconds(unheard_));
    for (const auto& [name, value] : facts.counters) count(name, "Since the start.", value);
    page.add("process_resident_memory_bytes", gauge, "Resident memory.",
             static_cast<double>(resident_bytes()));
    page.add("process_cpu_seconds_total", counter, "Time of all threads.", cpu_seconds());
    HttpAnswer answer{200, "text/plain; version=0.0.4; charset=utf-8", page.take()};
    answer.fields.emplace_back("Cache-Control", "no-store");
    return answer;
}

}  // namespace fusion

#include "daemon/sync/link_sync.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <utility>

#include <ableton/Link.hpp>

#include "daemon/sync/host_clock.hpp"
#include "engine/base/log.hpp"

namespace fusion {
namespace {

// The song is laid on anew when it disagrees with the session by more. Less cannot be heard, and a
// time line that trembled at each turn would put every note a little elsewhere.
constexpr double kAgreementNs = 20e3;
// How far ahead a start alone is laid: the clock thread has heard of it before it is due.
constexpr Micros kStartLead{20'000};
// For some microseconds after a commit of ours Link may show once more what was before: its thread
// was at something older, and lays that on first. Until then nothing is taken for a peer's doing.
constexpr Micros kOwnGrace{100'000};
// A start on a bar line may come out a rounding of Link's (a millionth of a beat) before it.
constexpr double kOnTheLineBeats = 1e-3;

// Link's own resolution of tempo: whole microseconds a beat, on the wire and in its arithmetic.
Micros beat_length(double bpm) { return Micros{std::llround(60e6 / bpm)}; }

double nanos_per_tick(Micros beat) {
    return static_cast<double>(beat.count()) * 1e3 / static_cast<double>(kTicksPerBeat.count());
}

// 120.5 reaches us as 497925 µs a beat, which is 120.50008: of all tempos that sound alike, the one
// that a person would have typed.
Bpm as_typed(double bpm) {
    const auto round = std::round(bpm * 100.0) / 100.0;
    return Bpm{beat_length(round) == beat_length(bpm) ? round : bpm};
}

// Where `song` is at `now`, with the part of a tick that tick_at() leaves off.
double ticks_at(const Timeline& song, TimePoint now, double tick_ns) {
    const auto tick = song.tick_at(now);
    return static_cast<double>(tick.count()) +
           static_cast<double>((now - song.time_at(tick)).count()) / tick_ns;
}

Timeline timeline_through(double ticks, TimePoint now, Micros beat) {
    const auto whole = std::floor(ticks);
    return {Ticks{static_cast<std::int64_t>(whole)},
            now - Nanos{std::llround((ticks - whole) * nanos_per_tick(beat))},
            Bpm{60e6 / static_cast<double>(beat.count())}};
}

}  // namespace

struct LinkSync::Impl {
    Impl(const TimeSource& ours, Bpm tempo)
        : time{ours},
          known_beat{beat_length(tempo.count())},
          link{std::clamp(tempo, kMinLinkTempo, kMaxLinkTempo).count()} {}

    // Reads both clocks back to back, up to three times, and keeps the tightest.
    FUSION_RT void observe(HostClock& host) const noexcept {
        TimePoint before;
        TimePoint after;
        Micros theirs{0};
        for (int i = 0; i < 3; ++i) {
            const auto a = time.now();
            const auto micros = FUSION_RT_TRUSTED(link.clock().micros());  // clock_gettime
            const auto b = time.now();
            if (i > 0 && b - a >= after - before) continue;
            before = a;
            theirs = micros;
            after = b;
            if (after - before < Nanos{1000}) break;
        }
        host.observe(before, theirs, after);
    }

    [[nodiscard]] Ticks bar() const noexcept {
        return Ticks{quantum.load(std::memory_order_relaxed)};  // a lone value: no partner
    }
    [[nodiscard]] double bar_beats() const noexcept {
        return static_cast<double>(bar().count()) / static_cast<double>(kTicksPerBeat.count());
    }

    void remember_own() { last_own = link.clock().micros(); }
    // Whether a difference is a peer's doing, to be told.
    [[nodiscard]] bool listening() const {
        return link.isEnabled() && link.clock().micros() - last_own >= kOwnGrace;
    }

    const TimeSource& time;
    std::atomic<std::int64_t> quantum{beats(4).count()};

    // The clock thread's.
    HostClock clock_host;
    std::optional<Timeline> song;
    Micros song_beat{0};

    // The control thread's.
    HostClock control_host;
    Micros known_beat;        // what we last set or told
    std::optional<Bpm> told;  // by tempo_changed(), and not replaced by ours since
    bool known_playing = false;
    std::optional<bool> told_playing;
    Micros last_own{0};
    bool limits_told = false;

    ableton::Link link;  // the last: its threads end before anything else goes
};

LinkSync::LinkSync(const TimeSource& time, Bpm tempo)
    : impl_{std::make_unique<Impl>(time, tempo)} {}

LinkSync::~LinkSync() = default;

SyncReading LinkSync::read(TimePoint now) noexcept {
    expect_thread(ThreadRole::clock);
    auto& own = *impl_;
    SyncReading reading;
    if (!own.link.isEnabled()) {
        own.song.reset();
        return reading;
    }
    own.observe(own.clock_host);
    const auto session = FUSION_RT_TRUSTED(own.link.captureAudioSessionState());
    const auto beat = beat_length(session.tempo());
    const auto tick_ns = nanos_per_tick(beat);
    const auto bar = static_cast<double>(own.bar().count());

    // Link answers for a whole microsecond; what is left of `now` beyond it is added.
    const auto host = own.clock_host.to_host(now);
    const auto micros = std::chrono::floor<Micros>(host);
    const auto phase =
        session.phaseAtTime(micros, own.bar_beats()) * static_cast<double>(kTicksPerBeat.count()) +
        static_cast<double>((host - micros).count()) / tick_ns;

    // Of all positions with this phase, the one nearest to where the song was going.
    const auto expected =
        own.song ? ticks_at(*own.song, now, nanos_per_tick(own.song_beat)) : phase;
    const auto correction = std::remainder(phase - expected, bar);
    if (!own.song || beat != own.song_beat || std::abs(correction) * tick_ns > kAgreementNs) {
        const auto ticks = expected + correction;
        own.song = timeline_through(ticks < 0.0 ? ticks + bar : ticks, now, beat);
        own.song_beat = beat;
    }
    reading.state = SyncState::locked;
    reading.song = *own.song;
    reading.knows_bars = true;
    return reading;
}

void LinkSync::set_quantum(Ticks bar) noexcept {
    if (bar.count() <= 0) return;
    impl_->quantum.store(bar.count(), std::memory_order_relaxed);  // a lone value: no partner
}

void LinkSync::enable(bool on) {
    expect_thread(ThreadRole::control);
    // What was told in another session says nothing of this one.
    impl_->told.reset();
    impl_->told_playing.reset();
    impl_->remember_own();
    impl_->link.enable(on);
}

bool LinkSync::enabled() const noexcept { return impl_->link.isEnabled(); }

std::size_t LinkSync::peers() const noexcept { return impl_->link.numPeers(); }

void LinkSync::set_tempo(Bpm tempo) {
    expect_thread(ThreadRole::control);
    auto& own = *impl_;
    if (own.told == tempo || !(tempo.count() > 0.0)) return;
    const auto taken = std::clamp(tempo, kMinLinkTempo, kMaxLinkTempo);
    // Once: a knob turned there would say it at every step.
    if (taken != tempo && !std::exchange(own.limits_told, true))
        log::warning("Link goes from {} to {} BPM; {} is played as {}", kMinLinkTempo.count(),
                     kMaxLinkTempo.count(), tempo.count(), taken.count());
    auto session = own.link.captureAppSessionState();
    if (beat_length(session.tempo()) != beat_length(taken.count())) {
        session.setTempo(taken.count(), own.link.clock().micros());
        own.link.commitAppSessionState(session);
    }
    // Of what was asked for, not of what was taken: a tempo that Link clamped is told back.
    own.known_beat = beat_length(tempo.count());
    own.told.reset();
    own.remember_own();
}

std::optional<Bpm> LinkSync::tempo_changed() {
    expect_thread(ThreadRole::control);
    auto& own = *impl_;
    if (!own.listening()) return std::nullopt;
    const auto bpm = own.link.captureAppSessionState().tempo();
    if (beat_length(bpm) == own.known_beat) return std::nullopt;
    own.known_beat = beat_length(bpm);
    own.told = std::clamp(as_typed(bpm), kMinTempo, kMaxTempo);
    return own.told;
}

void LinkSync::set_playing(bool playing) {
    expect_thread(ThreadRole::control);
    auto& own = *impl_;
    if (own.told_playing == playing) return;
    own.known_playing = playing;
    own.told_playing.reset();
    own.remember_own();
    auto session = own.link.captureAppSessionState();
    if (session.isPlaying() == playing) return;
    const auto now = own.link.clock().micros();
    // With peers beat 0 is requested for now and falls on the next bar line; alone it is forced.
    const auto from = playing && peers() == 0 ? now + kStartLead : now;
    session.setIsPlayingAndRequestBeatAtTime(playing, from, 0.0, own.bar_beats());
    own.link.commitAppSessionState(session);
}

std::optional<bool> LinkSync::playing_changed() {
    expect_thread(ThreadRole::control);
    auto& own = *impl_;
    if (!own.listening()) return std::nullopt;
    const auto playing = own.link.captureAppSessionState().isPlaying();
    if (playing == own.known_playing) return std::nullopt;
    own.known_playing = playing;
    own.told_playing = playing;
    return playing;
}

std::optional<TimePoint> LinkSync::begins_at() {
    expect_thread(ThreadRole::control);
    auto& own = *impl_;
    const auto session = own.link.captureAppSessionState();
    if (!session.isPlaying()) return std::nullopt;
    own.observe(own.control_host);
    const auto start = session.timeForIsPlaying();
    const auto bar = own.bar_beats();
    const auto phase = session.phaseAtTime(start, bar);
    const auto to_go = phase < kOnTheLineBeats ? -phase : bar - phase;
    const auto micros = static_cast<double>(beat_length(session.tempo()).count()) * to_go;
    return own.control_host.to_ours(start + Micros{std::llround(micros)});
}

void LinkSync::set_start_stop_sync(bool on) {
    expect_thread(ThreadRole::control);
    impl_->link.enableStartStopSync(on);
}

}  // namespace fusion

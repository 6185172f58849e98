#include "daemon/synth/live_synth.hpp"

#include <pthread.h>

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "daemon/synth/device_clock.hpp"

namespace fusion {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

// From the opening of a device to its loss.
class LiveSynth::Life final : public BlockFiller {
public:
    Life(LiveSynth& synth, std::unique_ptr<SoundDevice> device)
        : synth_{synth},
          device_{std::move(device)},
          clock_{device_->rate()},
          player_{synth.queue_.out, device_->instrument(), synth.counters_} {
        player_.obey(synth.settings_.out.read());
    }

    // Blocks come from now on.
    Status start() { return device_->start(*this); }

    // Thread: the card's.
    void fill(std::span<float> left, std::span<float> right) noexcept override {
        const Frames length{static_cast<std::int64_t>(left.size())};
        const auto begins = begin_block(length);
        if (synth_.settings_.out.fresh()) player_.obey(synth_.settings_.out.read());
        const bool room = synth_.audience_ != nullptr && synth_.audience_->listens();
        player_.hush(room ? BlockPlayer::Hush::yes : BlockPlayer::Hush::no);
        player_.render({begins - clock_.length_of(length), clock_.rate(), left, right});
        blocks_.fetch_add(1, std::memory_order_relaxed);  // a counter: no partner
    }

    [[nodiscard]] bool is_well(TimePoint now, Nanos patience) {
        if (const auto blocks = blocks_.load(std::memory_order_relaxed);
            std::exchange(seen_, blocks) != blocks || filled_at_ == TimePoint{})
            filled_at_ = now;
        return !device_->lost() && now - filled_at_ < patience;
    }
    [[nodiscard]] std::string describe() const { return device_->describe(); }

private:
    FUSION_RT TimePoint begin_block(Frames length) noexcept {
        const auto now = synth_.time_.now();
        const auto by_wakes = clock_.begin_block(now, length);
        if (!is_jack_) return by_wakes;
        const auto newest = synth_.time_.newest();
        return newest.length > Nanos{0} ? cycles_.begin_block(newest, now) : by_wakes;
    }

    LiveSynth& synth_;
    std::unique_ptr<SoundDevice> device_;
    const bool is_jack_{device_->is_jack()};
    DeviceClock clock_;
    CycleClock cycles_;
    BlockPlayer player_;
    std::atomic<std::uint64_t> blocks_{0};

    // The keeper's own.
    std::uint64_t seen_ = 0;
    TimePoint filled_at_{};

public:
    // Before the player and the clock that its blocks need.
    ~Life() { device_->stop(); }
};

LiveSynth::LiveSynth(std::unique_ptr<SoundSystem> system, const FrameTime& time,
                     const Audience* audience, Pace pace, Tell tell)
    : system_{std::move(system)},
      time_{time},
      audience_{audience},
      pace_{pace},
      tell_{std::move(tell)},
      keeper_{[this] { keep(); }} {}

LiveSynth::~LiveSynth() { close(); }

// --- The clock ---

bool LiveSynth::send(const TimedMessage& message) noexcept {
    expect_thread(ThreadRole::clock);
    return !serving_.load(std::memory_order_relaxed) || queue_.in.try_push(message);
}

bool LiveSynth::has(Hearers hearers) const noexcept {
    // Programs and controllers that are for everyone it keeps for when it sounds again.
    if (hearers == Hearers::everyone) return true;
    const bool room_for_others = audience_ != nullptr && audience_->listens();
    return serving_.load(std::memory_order_relaxed) && !room_for_others;
}

// --- Control ---

LiveSynth::State LiveSynth::state() const noexcept {
    if (given_up_.load(std::memory_order_relaxed)) return State::given_up;
    if (!serving_.load(std::memory_order_relaxed)) return State::looking;
    return audience_ != nullptr && audience_->listens() ? State::hushed : State::sounds;
}

std::string LiveSynth::describe() const {
    switch (state()) {
        case State::looking: return "the built-in synth, which looks for an audio device";
        case State::sounds: return "the built-in synth";
        case State::hushed: return "the built-in synth, silent while somebody is connected";
        case State::given_up: break;
    }
    return {};
}

void LiveSynth::look_after() {
    expect_thread(ThreadRole::control);
    const auto now = state();
    if (now == State::hushed && !std::exchange(told_hushed_, true))
        tell_(log::Level::info, "the built-in synth is silent: somebody is connected to the port");
    if (now == State::sounds && std::exchange(told_hushed_, false))
        tell_(log::Level::info, "the built-in synth sounds: nobody is connected to the port");
}

void LiveSynth::close() {
    stopping_.store(true, std::memory_order_relaxed);
    wake_.post();
    if (keeper_.joinable()) keeper_.join();
}

// --- The keeper ---

void LiveSynth::keep() {
    pthread_setname_np(pthread_self(), "fusion-synth");
    while (!stopping_.load(std::memory_order_relaxed)) {
        if (life_ != nullptr)
            watch();
        else if (!given_up_.load(std::memory_order_relaxed) && Clock::now() >= next_search_)
            look_for_a_device();
        wake_.wait_for(pace_.look);
    }
    end_life();
}

void LiveSynth::watch() {
    if (life_->is_well(Clock::now(), pace_.patience)) return;
    const auto words = life_->describe();
    end_life();
    told_ = "lost";
    tell_(log::Level::warning,
          fmt::format("the built-in synth's audio device is gone ({}); looking for one", words));
}

void LiveSynth::end_life() {
    serving_.store(false, std::memory_order_relaxed);
    life_.reset();
}

void LiveSynth::look_for_a_device() {
    next_search_ = Clock::now() + pace_.search;
    if (auto can = system_->can_play(); !can) {
        given_up_.store(true, std::memory_order_relaxed);
        tell_once(log::Level::warning,
                  fmt::format("the built-in synth is silent: {}", can.error().message));
        return;
    }
    std::string reason;
    for (const auto driver : system_->here()) {
        const auto opened = open(driver);
        if (opened) return;
        reason = opened.error().message;
        if (opened.error().code == Error::Code::unavailable) continue;
        given_up_.store(true, std::memory_order_relaxed);  // the font, which no device mends
        break;
    }
    // After a loss it has been told that one is looked for.
    if (reason.empty() && told_ == "lost") return;
    tell_once(reason.empty() ? log::Level::info : log::Level::warning,
              fmt::format("the built-in synth is silent: {}",
                          reason.empty() ? "no audio device is here (JACK, PipeWire, PulseAudio or "
                                           "ALSA); it sounds when one comes"
                                         : reason));
}

Status LiveSynth::open(SynthDriver driver) {
    auto device = system_->make(driver);
    if (!device) return tl::unexpected{device.error()};
    const auto words = (*device)->describe();
    // What was sent to a device before is not played on this one.
    TimedMessage old;
    while (queue_.out.try_pop(old)) {
    }
    life_ = std::make_unique<Life>(*this, std::move(*device));
    if (auto started = life_->start(); !started) {
        life_.reset();
        return started;
    }
    told_.clear();
    lives_.fetch_add(1, std::memory_order_relaxed);
    // Told first: what is told of a synth that serves comes after.
    tell_(log::Level::info, fmt::format("the built-in synth plays through {}", words));
    serving_.store(true, std::memory_order_relaxed);
    return {};
}

void LiveSynth::tell_once(log::Level level, const std::string& what) {
    if (std::exchange(told_, what) != what) tell_(level, what);
}

}  // namespace fusion

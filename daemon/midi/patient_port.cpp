#include "daemon/midi/patient_port.hpp"

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "engine/base/log.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using Clock = TimePoint::clock;

constexpr Nanos kLook = 1s;
constexpr Nanos kQuickLook = 250ms;
constexpr Nanos kQuickFor = 10s;

struct InWords {
    std::string output, input, feedback, how_to_connect;
};

}  // namespace

// What the two threads share.
struct PatientPort::Keeper {
    std::string what;
    bool has_output;
    Open open;

    // release, with acquire where they are read: who sees the port sees all of it. Set once.
    std::atomic<MidiPort*> port{nullptr};
    std::atomic<MidiSink*> sink{nullptr};
    std::atomic<Thru> thru{Thru::off};
    // Counters: nothing is read through them.
    std::atomic<std::uint64_t> unsent{0};
    std::atomic<std::uint64_t> feedback_lost{0};
    std::atomic<Nanos> missed{Nanos{0}};

    std::mutex mutex;  // of all that follows, but for the keeper's own
    std::condition_variable changed;
    InWords words;
    bool has_looked = false;
    bool stops = false;
    bool has_ended = false;

    // The keeper's own.
    std::unique_ptr<MidiPort> own;
    std::string told;

    std::thread thread;  // control's

    void run();
    void look();
    void tell_words();
    [[nodiscard]] bool waits_for(Nanos pause);
};

void PatientPort::Keeper::run() {
    pthread_setname_np(pthread_self(), "fusion-ports");
    set_thread_role(ThreadRole::control);  // what opens and mends ports is control's second hand
    auto well_since = Clock::now();
    auto next_look = Clock::now();
    bool played = false;
    for (;;) {
        const auto now = Clock::now();
        const bool plays = own != nullptr && (!has_output || own->plays());
        if (plays != std::exchange(played, plays)) next_look = now;
        if (plays) well_since = now;
        if (now >= next_look) {
            look();
            const bool hurries = !plays && now - well_since < kQuickFor;
            next_look = Clock::now() + (hurries ? kQuickLook : kLook);
        }
        tell_words();
        if (!waits_for(kQuickLook)) break;
    }
    if (own != nullptr) own->close();
    tell_words();
    const std::lock_guard lock{mutex};
    has_ended = true;
    changed.notify_all();
}

// True: nobody has said that it is to stop.
bool PatientPort::Keeper::waits_for(Nanos pause) {
    std::unique_lock lock{mutex};
    return !changed.wait_for(lock, pause, [this] { return stops; });
}

void PatientPort::Keeper::look() {
    if (own != nullptr) return own->look_after();
    auto opened = open();
    if (!opened) {
        if (std::exchange(told, opened.error().message) == opened.error().message) return;
        log::warning("no MIDI port: {}; waiting for {}", told, what);
        return;
    }
    own = std::move(*opened);
    own->thru(thru.load(std::memory_order_relaxed));
    if (has_output) sink.store(&own->sink(), std::memory_order_release);
    port.store(own.get(), std::memory_order_release);
    if (!told.empty())
        log::info("MIDI port is there: {}", has_output ? own->describe() : own->describe_input());
}

void PatientPort::Keeper::tell_words() {
    InWords now;
    if (own == nullptr)
        now.output = fmt::format("waiting for {}", what);
    else
        now = {own->describe(), own->describe_input(), own->describe_feedback(),
               own->how_to_connect()};
    const std::lock_guard lock{mutex};
    words = std::move(now);
    has_looked = true;
    changed.notify_all();
}

PatientPort::PatientPort(std::string what, Plays plays, Open open)
    : keeper_{std::make_shared<Keeper>()} {
    keeper_->what = std::move(what);
    keeper_->has_output = plays == Plays::yes;
    keeper_->open = std::move(open);
    keeper_->thread = std::thread{[keeper = keeper_] { keeper->run(); }};
    looked_ = Clock::now();
    std::unique_lock lock{keeper_->mutex};
    keeper_->changed.wait_for(lock, kFirstLook, [this] { return keeper_->has_looked; });
}

PatientPort::~PatientPort() { close(); }

MidiPort* PatientPort::port() const noexcept {
    return keeper_->port.load(std::memory_order_acquire);
}

bool PatientPort::is_open() const noexcept { return port() != nullptr; }

bool PatientPort::left_a_thread() const noexcept { return is_left_; }

// --- Control ---

void PatientPort::thru(Thru thru) {
    keeper_->thru.store(thru, std::memory_order_relaxed);
    if (auto* inner = port()) inner->thru(thru);
}

bool PatientPort::feed_back(const MidiMessage& message) noexcept {
    if (auto* inner = port()) return inner->feed_back(message);
    keeper_->feedback_lost.fetch_add(1, std::memory_order_relaxed);
    return false;
}

std::uint32_t PatientPort::feedback_connections() const noexcept {
    const auto* inner = port();
    return inner != nullptr ? inner->feedback_connections() : 0;
}

std::uint32_t PatientPort::output_connections() const noexcept {
    const auto* inner = port();
    return inner != nullptr ? inner->output_connections() : 0;
}

bool PatientPort::listens() const noexcept {
    const auto* inner = port();
    return inner != nullptr && inner->listens();
}

bool PatientPort::plays() const noexcept {
    const auto* inner = port();
    return inner != nullptr && inner->plays();
}

std::uint32_t PatientPort::input_losses() const noexcept {
    const auto* inner = port();
    return inner != nullptr ? inner->input_losses() : 0;
}

void PatientPort::look_after() {
    const auto now = Clock::now();
    const auto since = now - std::exchange(looked_, now);
    if (auto* inner = port()) inner->watch();
    if (!keeper_->has_output) return;
    const bool misses = !plays();
    if (misses) {
        const auto so_far = keeper_->missed.load(std::memory_order_relaxed);
        keeper_->missed.store(so_far + since, std::memory_order_relaxed);
    }
    if (misses == std::exchange(is_missed_, misses)) return;
    if (misses)
        missed_since_ = now - since;
    else
        log::info("the music has a port again after {:.1f} s without one; {:.1f} s since the start",
                  std::chrono::duration<double>(now - missed_since_).count(),
                  std::chrono::duration<double>(counters().without_port).count());
}

void PatientPort::close() {
    if (!keeper_->thread.joinable()) return;
    std::unique_lock lock{keeper_->mutex};
    keeper_->stops = true;
    keeper_->changed.notify_all();
    // Closing a port that works takes up to two seconds after an xrun; one that stands still is
    // given up by its keeper, if the system lets go of that.
    const auto* inner = port();
    const auto patience = inner != nullptr && inner->plays() ? 2 * kPatience : kPatience;
    const bool ended =
        keeper_->changed.wait_for(lock, patience, [this] { return keeper_->has_ended; });
    lock.unlock();
    auto thread = std::move(keeper_->thread);
    if (ended) return thread.join();
    thread.detach();
    is_left_ = true;
    log::error("the MIDI system does not answer: {} is not closed", keeper_->what);
}

std::string PatientPort::describe() const {
    const std::lock_guard lock{keeper_->mutex};
    return keeper_->has_output ? keeper_->words.output : std::string{};
}

std::string PatientPort::describe_input() const {
    const std::lock_guard lock{keeper_->mutex};
    return keeper_->words.input;
}

std::string PatientPort::describe_feedback() const {
    const std::lock_guard lock{keeper_->mutex};
    return keeper_->words.feedback;
}

std::string PatientPort::how_to_connect() const {
    const std::lock_guard lock{keeper_->mutex};
    return keeper_->words.how_to_connect;
}

PortCounters PatientPort::counters() const noexcept {
    PortCounters counters;
    if (const auto* inner = port()) counters = inner->counters();
    counters.unsent += keeper_->unsent.load(std::memory_order_relaxed);
    counters.feedback_lost += keeper_->feedback_lost.load(std::memory_order_relaxed);
    counters.without_port = keeper_->missed.load(std::memory_order_relaxed);
    return counters;
}

// --- The clock ---

bool PatientPort::send(const TimedMessage& message) noexcept {
    auto* sink = keeper_->sink.load(std::memory_order_acquire);
    if (sink != nullptr) return sink->send(message);
    keeper_->unsent.fetch_add(1, std::memory_order_relaxed);
    return true;
}

Nanos PatientPort::lead() const noexcept {
    const auto* sink = keeper_->sink.load(std::memory_order_acquire);
    return sink != nullptr ? sink->lead() : Nanos{0};
}

}  // namespace fusion

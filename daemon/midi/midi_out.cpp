#include "daemon/midi/midi_out.hpp"

#include <pthread.h>

#include <RtMidi.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;

// JACK takes messages once a period (at most 8192 frames at 44.1 kHz: 186 ms); ALSA at once.
constexpr auto kJackPeriod = 200ms;
constexpr auto kJackTurn = 20ms;  // a turn of its thread that has begun ends well within this
constexpr auto kAlsaDrain = 20ms;

void ask_for_fifo(int priority) {
    if (priority <= 0) return;
    sched_param parameters{};
    parameters.sched_priority = priority;
    // Refused where the clock's is refused too, and that one says so.
    pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}

}  // namespace

Result<std::unique_ptr<MidiOut>> MidiOut::open(const MidiOutOptions& options,
                                               const TimeSource& time) {
    std::unique_ptr<MidiOut> out{new MidiOut{options, time}};
    if (auto opened = out->keeper_.open(); !opened) return tl::unexpected{opened.error()};
    out->thread_ = std::thread{[raw = out.get()] { raw->run(); }};
    return out;
}

MidiOut::MidiOut(const MidiOutOptions& options, const TimeSource& time)
    : options_{options},
      system_{options.api},
      keeper_{{"MIDI port", options.client, "out", options.wanted, PortSide::outputs},
              system_,
              time,
              *this} {}

MidiOut::~MidiOut() { close(); }

bool MidiOut::send(const TimedMessage& message) noexcept {
    if (!queue_.in.try_push(message)) return false;
    wake_.post();
    return true;
}

bool MidiOut::pass(std::uint8_t source, const TimedMessage& message) noexcept {
    if (source >= passing_.size() || !passing_[source].queue.in.try_push(message)) return false;
    wake_.post();
    return true;
}

Result<std::string> MidiOut::plug_in(const std::string& wanted) {
    auto opened = open_output_port(options_.api, options_.client, wanted);
    if (!opened) return tl::unexpected{opened.error()};
    opened->port->setErrorCallback(
        [](RtMidiError::Type, const std::string&, void* self) {
            static_cast<MidiOut*>(self)->unsent_.fetch_add(1, std::memory_order_relaxed);
        },
        this);
    if (!hand_over(opened->port.release()))
        return fail(Error::Code::unavailable, "the output thread does not take it");
    connections_.fetch_add(1, std::memory_order_relaxed);  // a counter: no partner
    return std::move(opened->name);
}

void MidiOut::pull_out() { hand_over(nullptr); }

bool MidiOut::hand_over(RtMidiOut* port) {
    take_back();
    if (!fresh_.in.try_push(port)) {
        close_port(port);
        return false;
    }
    wake_.post();
    return true;
}

// RtMidi's JACK port frees its ring while JACK's thread may still read from it. A closed port is
// left alone by that thread, but for the turn in which it is closed.
void MidiOut::close_port(RtMidiOut* port) const {
    if (port == nullptr) return;
    if (options_.api == MidiApi::jack) {
        port->closePort();
        std::this_thread::sleep_for(kJackTurn);
    }
    delete port;
}

void MidiOut::take_back() {
    RtMidiOut* old = nullptr;
    while (retired_.out.try_pop(old)) close_port(old);
}

void MidiOut::look_after() {
    expect_thread(ThreadRole::control);
    take_back();
    keeper_.look_after();
}

void MidiOut::close() {
    expect_thread(ThreadRole::control);
    if (!thread_.joinable()) return;
    stopping_.store(true, std::memory_order_release);  // partner: run()
    wake_.post();
    thread_.join();
    // RtMidi forgets what the system has not taken when a port closes.
    if (port_ != nullptr)
        std::this_thread::sleep_for(options_.api == MidiApi::jack ? kJackPeriod : kAlsaDrain);
    take_back();
    RtMidiOut* unused = nullptr;
    while (fresh_.out.try_pop(unused)) close_port(unused);
    close_port(port_);
    port_ = nullptr;
    keeper_.close();
}

void MidiOut::greet() {
    if (options_.greeting == Greeting::none) return;
    greets_.store(true, std::memory_order_relaxed);
    wake_.post();
    connections_.fetch_add(1, std::memory_order_relaxed);
}

void MidiOut::run() noexcept {
    set_thread_role(ThreadRole::midi_out);
    pthread_setname_np(pthread_self(), "midi out");
    ask_for_fifo(options_.priority);
    while (true) {
        // Read first: what was queued before stop is then still played.
        const bool last = stopping_.load(std::memory_order_acquire);  // partner: close()
        take_port();
        if (greets_.exchange(false, std::memory_order_relaxed) && port_ != nullptr)
            silence_new_port();
        for (auto& lane : passing_) play(lane.queue.out);
        play(queue_.out);
        if (last) return;
        wake_.wait_for(100ms);
    }
}

void MidiOut::take_port() noexcept {
    RtMidiOut* next = nullptr;
    while (fresh_.out.try_pop(next)) {
        if (port_ != nullptr && !retired_.in.try_push(port_)) {
            // As large as the other queue, and emptied before each push to that one.
            assert(false);
        }
        port_ = next;
        if (port_ != nullptr && options_.greeting == Greeting::silence) silence_new_port();
    }
}

void MidiOut::play(Consumer<TimedMessage>& queue) noexcept {
    expect_thread(ThreadRole::midi_out);
    TimedMessage next;
    while (queue.try_pop(next)) {
        ledger_.note(next.message);
        write(next.message);
    }
}

void MidiOut::write(const MidiMessage& message) noexcept {
    if (port_ == nullptr) {
        unsent_.fetch_add(1, std::memory_order_relaxed);  // a counter: no partner
        return;
    }
    try {
        port_->sendMessage(message.bytes().data(), message.size());
    } catch (...) {  // RtMidi's, or bad_alloc inside it: counted, and the music goes on
        unsent_.fetch_add(1, std::memory_order_relaxed);
    }
}

// Whatever sounded when the last port went away may still sound behind this one.
void MidiOut::silence_new_port() noexcept {
    ledger_.release_all([this](const MidiMessage& message) { write(message); });
    for (std::uint8_t c = 0; c < 16; ++c)
        for (const unsigned controller : kSilenceControllers)
            write(control_change(Channel{c}, controller, 0));
}

}  // namespace fusion

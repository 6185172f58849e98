#include "daemon/midi/jack_midi.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <jack/midiport.h>

#include "daemon/midi/jack_arrivals.hpp"
#include "engine/base/log.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;

constexpr Nanos kForgotten = 5s;

class JackBuffer final : public PeriodBuffer {
public:
    explicit JackBuffer(void* buffer) : buffer_{buffer} {}
    bool write(Frames offset, std::span<const std::uint8_t> bytes) noexcept override {
        const auto frame = static_cast<jack_nframes_t>(offset.count());
        return FUSION_RT_TRUSTED(
                   jack_midi_event_write(buffer_, frame, bytes.data(), bytes.size())) == 0;
    }

private:
    void* buffer_;
};

}  // namespace

JackMidi::JackMidi(const JackMidiOptions& options, FrameTime& time, MidiInbox& inbox)
    : options_{options}, time_{time}, inbox_{inbox} {
    if (options.names.out) out_ = Wire{*options.names.out, {}};
    for (const auto& wanted : options.names.ins)
        if (ins_.size() < kMostInputs) ins_.push_back({wanted, {}});
    if (options.names.feedback) feedback_ = Wire{*options.names.feedback, {}};
}

Result<std::unique_ptr<JackMidi>> JackMidi::open(const JackMidiOptions& options, FrameTime& time,
                                                 MidiInbox& inbox) {
    std::unique_ptr<JackMidi> port{new JackMidi{options, time, inbox}};
    if (auto started = port->start(); !started) return tl::unexpected{started.error()};
    return port;
}

JackMidi::~JackMidi() { close(); }

// --- Control ---

Status JackMidi::start() {
    auto client = JackClient::open(options_.client, options_.names, *this);
    if (!client) return tl::unexpected{client.error()};
    // What was sent while no server ran is not played when one returns.
    unsent_.fetch_add(writer_.forget(), std::memory_order_relaxed);
    forget_feedback();
    cycles_to_greeting_ = 0;
    cycles_to_feedback_ = 0;
    client_ = std::move(*client);
    stands_.store(false, std::memory_order_relaxed);
    cycles_at_start_.store(cycles_.load(std::memory_order_relaxed), std::memory_order_relaxed);
    has_client_.store(true, std::memory_order_relaxed);
    serving_.store(true, std::memory_order_relaxed);
    if (auto active = client_->activate(); !active) {
        end();
        return active;
    }
    connect_wires();
    return {};
}

void JackMidi::end() {
    serving_.store(false, std::memory_order_relaxed);
    has_client_.store(false, std::memory_order_relaxed);
    client_.reset();
    receivers_.store(0, std::memory_order_relaxed);
    time_.leave();
    unsent_.fetch_add(writer_.forget(), std::memory_order_relaxed);
    forget_feedback();
    if (out_) {
        out_->ports.clear();
        wired_.store(out_->wanted.empty(), std::memory_order_relaxed);
    }
    for (auto& in : ins_) in.ports.clear();
    if (feedback_) feedback_->ports.clear();
}

void JackMidi::forget_feedback() {
    MidiMessage message;
    while (feedback_queue_.out.try_pop(message))
        feedback_lost_.fetch_add(1, std::memory_order_relaxed);
}

bool JackMidi::feed_back(const MidiMessage& message) noexcept {
    expect_thread(ThreadRole::control);
    if (!feedback_) return false;
    if (serving_.load(std::memory_order_relaxed)) return feedback_queue_.in.try_push(message);
    feedback_lost_.fetch_add(1, std::memory_order_relaxed);
    return false;
}

// A cycle lasts 0.2 s at the most.
void JackMidi::watch() {
    constexpr Nanos kStands = 900ms;
    const auto now = TimePoint::clock::now();
    const auto cycles = cycles_.load(std::memory_order_relaxed);
    const bool has_client = has_client_.load(std::memory_order_relaxed);
    if (!has_client || cycles != std::exchange(watched_cycles_, cycles)) {
        if (std::exchange(told_standing_, false) && has_client)
            log::info("JACK runs again after {:.1f} s",
                      std::chrono::duration<double>(now - watched_since_).count());
        watched_since_ = now;
        return;
    }
    const auto period = period_.load(std::memory_order_relaxed);
    if (told_standing_ || now - watched_since_ < kStands + 4 * period) return;
    told_standing_ = true;
    stands_.store(true, std::memory_order_relaxed);
    serving_.store(false, std::memory_order_relaxed);
    log::warning("JACK does not run its cycles: the server hangs; waiting for it");
}

void JackMidi::look_after() {
    expect_thread(ThreadRole::control);
    if (client_ != nullptr && client_->lost()) {
        log::warning("MIDI port lost ({}); looking for it", describe_any());
        end();
        return;
    }
    if (client_ == nullptr) {
        if (start()) log::info("MIDI port is back: {}", describe_any());
        return;
    }
    if (!stands_.load(std::memory_order_relaxed)) {
        stands_since_ = TimePoint::clock::now();
    } else {  // it would not answer
        const bool was_served = cycles_.load(std::memory_order_relaxed) !=
                                cycles_at_start_.load(std::memory_order_relaxed);
        if (was_served && TimePoint::clock::now() - stands_since_ < kForgotten) return;
        log::warning("JACK runs no cycles for {}: another client is made", describe_any());
        return end();
    }
    connect_wires();
    client_->count_receivers();
}

// A wire that somebody has pulled by hand stays pulled as long as the port is there.
void JackMidi::connect_wires() {
    const bool changed = client_->ports_changed();
    const auto look = [&](Wire& wire, std::string_view what, auto&& connect) {
        if (!wire.wanted.empty() && (changed || wire.ports.empty()))
            follow(wire, what, connect(wire.wanted));
    };
    if (out_)
        look(*out_, "to play into", [&](const auto& to) { return client_->connect_output(to); });
    if (out_) wired_.store(out_->wanted.empty() || !out_->ports.empty(), std::memory_order_relaxed);
    for (std::size_t i = 0; i < ins_.size(); ++i)
        look(ins_[i], "to listen to",
             [&](const auto& to) { return client_->connect_input(i, to); });
    if (feedback_)
        look(*feedback_, "for feedback",
             [&](const auto& to) { return client_->connect_feedback(to); });
}

void JackMidi::follow(Wire& wire, std::string_view what, std::vector<std::string> ports) {
    if (ports == wire.ports) return;
    if (ports.empty())
        log::warning("MIDI port lost ({}); looking for it", fmt::join(wire.ports, ", "));
    else
        log::info("MIDI port {}: {}", what, fmt::join(ports, ", "));
    wire.ports = std::move(ports);
}

// The last messages lie a lead ahead, and where frames have fallen behind in an xrun, so much more.
// Two cycles make sure that one began after they were queued, and two more that whoever listens has
// had its turn. Where cycles have been lost, these may be too: what ended something is said a few
// times more. Who waits for a server that stands still gives up soon.
void JackMidi::close() {
    expect_thread(ThreadRole::control);
    if (client_ == nullptr) return;
    thru(Thru::off);
    const auto cycles = [this] { return cycles_.load(std::memory_order_relaxed); };
    const auto wait_for = [&](Nanos at_most, auto&& holds) {
        using Clock = std::chrono::steady_clock;
        const auto patience = 8 * period_.load(std::memory_order_relaxed) + 100ms;
        const auto give_up = Clock::now() + at_most + patience;
        auto stands = Clock::now() + patience;
        for (auto seen = cycles(); !holds() && !client_->lost();) {
            if (const auto now_seen = cycles(); std::exchange(seen, now_seen) != now_seen)
                stands = Clock::now() + patience;
            if (Clock::now() > std::min(give_up, stands)) return;
            std::this_thread::sleep_for(1ms);
        }
    };
    const auto two_cycles = [&] {
        wait_for(0ns, [&, from = cycles()] { return cycles() >= from + 2; });
    };
    two_cycles();
    wait_for(2 * lead() + FrameTime::kMostBehind,
             [this] { return writer_.empty() && feedback_queue_.size_approx() == 0; });
    if (writer_.counters().doubts > 0) {
        doubts_.store(true, std::memory_order_relaxed);
        two_cycles();
        wait_for(2 * LastEnds::kDoubt, [this] { return writer_.settled(); });
    }
    two_cycles();
    end();
}

std::string JackMidi::describe() const { return out_ ? describe(*out_, "out") : std::string{}; }

std::string JackMidi::describe_input() const {
    if (ins_.empty()) return {};
    if (client_ == nullptr) return describe(ins_.front(), {});
    std::vector<std::string> all;
    all.reserve(ins_.size());
    for (std::size_t i = 0; i < ins_.size(); ++i)
        all.push_back(describe(ins_[i], jack_input_name(i)));
    return fmt::format("{}", fmt::join(all, "; "));
}

std::string JackMidi::describe_feedback() const {
    return feedback_ ? describe(*feedback_, "feedback") : std::string{};
}

std::string JackMidi::how_to_connect() const {
    if (!out_) return {};
    if (client_ == nullptr || !out_->wanted.empty()) return describe();
    return fmt::format(
        "jack_connect {}:out CLIENT:PORT (jack_lsp lists them), or draw the line in a patch bay",
        client_->name());
}

std::string JackMidi::describe_any() const {
    if (out_) return describe();
    return ins_.empty() ? describe_feedback() : describe_input();
}

std::string JackMidi::describe(const Wire& wire, std::string_view port) const {
    if (client_ == nullptr) return "JACK, waiting for the server";
    auto own = fmt::format("JACK port {}:{}", client_->name(), port);
    if (wire.wanted.empty()) return own;
    if (wire.ports.empty()) return fmt::format("{}, waiting for '{}'", own, wire.wanted);
    return fmt::format("{} at {}", own, fmt::join(wire.ports, ", "));
}

PortCounters JackMidi::counters() const noexcept {
    const auto& written = writer_.counters();
    return {.unsent = unsent_.load(std::memory_order_relaxed),
            .late = written.late.load(std::memory_order_relaxed),
            .most_late = written.most_late.load(std::memory_order_relaxed),
            .kept_over = written.kept_over.load(std::memory_order_relaxed),
            .too_late = written.too_late.load(std::memory_order_relaxed),
            .not_passed = written.not_passed.load(std::memory_order_relaxed),
            .again = written.again.load(std::memory_order_relaxed),
            .feedback_lost =
                feedback_queue_.refused() + feedback_lost_.load(std::memory_order_relaxed)};
}

// --- The clock ---

bool JackMidi::send(const TimedMessage& message) noexcept {
    expect_thread(ThreadRole::clock);
    if (serving_.load(std::memory_order_relaxed)) return queue_.in.try_push(message);
    unsent_.fetch_add(1, std::memory_order_relaxed);
    return true;
}

Nanos JackMidi::lead() const noexcept {
    return period_.load(std::memory_order_relaxed) + options_.margin;
}

// --- JACK ---

void JackMidi::cycle(const JackCycle& cycle) noexcept {
    expect_thread(ThreadRole::jack);
    const auto period = time_.begin_cycle(cycle.cycle);
    JackBuffer buffer{cycle.out};
    // What was to end while the server hung has been left out.
    if (stands_.exchange(false, std::memory_order_relaxed)) {
        serving_.store(true, std::memory_order_relaxed);
        if (cycle.receivers > 0) cycles_to_greeting_ = 1;
    }
    if (doubts_.exchange(false, std::memory_order_relaxed) || cycle.has_xrun) writer_.doubt();
    receivers_.store(cycle.receivers, std::memory_order_relaxed);
    if (cycle.out != nullptr) {
        writer_.begin(period, buffer);
        greet(cycle);
        follow_thru();
    }
    read(cycle, period);
    if (cycle.out != nullptr) writer_.end();
    if (cycle.feedback != nullptr) write_feedback(cycle);
    cycles_.fetch_add(1, std::memory_order_relaxed);
}

// Whatever sounded when the last receiver went away may still sound behind this one; at the first
// there is no knowing what an earlier run, that crashed, has left. JACK tells of a connection some
// cycles before it carries anything, so the greeting waits for a few.
void JackMidi::greet(const JackCycle& cycle) noexcept {
    if (cycle.out_has_first) cycles_to_greeting_ = kCyclesToGreeting;
    if (cycle.receivers == 0) cycles_to_greeting_ = 0;
    if (cycles_to_greeting_ == 0 || --cycles_to_greeting_ > 0) return;
    writer_.silence(has_greeted_ ? FrameWriter::Quiet::used_channels
                                 : FrameWriter::Quiet::all_channels);
    has_greeted_ = true;
    output_connections_.fetch_add(1, std::memory_order_relaxed);
}

void JackMidi::follow_thru() noexcept {
    const auto thru = thru_.load(std::memory_order_relaxed);
    if (thru == Thru::off && thru_was_ == Thru::on) writer_.end_passed();
    thru_was_ = thru;
}

void JackMidi::read(const JackCycle& cycle, const FrameTime::Period& period) noexcept {
    JackArrivals arrivals{cycle.ins};
    JackArrivals::Arrival arrival{};
    while (arrivals.next(arrival)) {
        const std::span<const std::uint8_t> bytes{arrival.event.buffer, arrival.event.size};
        const Frames offset{arrival.event.time};
        const auto message =
            inbox_.arrived(arrival.source, bytes, period.grid.time_of(period.first + offset));
        if (thru_was_ == Thru::off || cycle.out == nullptr) continue;
        if (message && message->is_of_a_channel()) writer_.pass(offset, *message);
    }
}

// A message is taken from the queue only where the cycle has room for it. A new receiver is told of
// when its connection carries something, as with the greeting.
void JackMidi::write_feedback(const JackCycle& cycle) noexcept {
    if (cycle.feedback_has_another) cycles_to_feedback_ = kCyclesToGreeting;
    if (cycles_to_feedback_ > 0 && --cycles_to_feedback_ == 0)
        feedback_connections_.fetch_add(1, std::memory_order_relaxed);
    MidiMessage message;
    while (FUSION_RT_TRUSTED(jack_midi_max_event_size(cycle.feedback)) >= message.bytes().size() &&
           feedback_queue_.out.try_pop(message))
        if (FUSION_RT_TRUSTED(jack_midi_event_write(cycle.feedback, 0, message.span().data(),
                                                    message.size())) != 0)
            feedback_lost_.fetch_add(1, std::memory_order_relaxed);
}

void JackMidi::period_becomes(Nanos length) noexcept {
    period_.store(length, std::memory_order_relaxed);
}

void JackMidi::server_lost() noexcept {
    serving_.store(false, std::memory_order_relaxed);
    input_lost();
}

}  // namespace fusion

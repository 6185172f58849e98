#include "daemon/midi/rtmidi_port.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/midi/alsa_subscribers.hpp"
#include "engine/base/log.hpp"

namespace fusion {

Result<std::unique_ptr<RtMidiPort>> RtMidiPort::open(const RtMidiPortOptions& options,
                                                     const TimeSource& time, MidiInbox& inbox) {
    std::unique_ptr<RtMidiPort> port{new RtMidiPort{options, time, inbox}};
    if (options.names.out) {
        auto out = MidiOut::open(
            {options.api, options.client, *options.names.out, options.priority}, time);
        if (!out) return tl::unexpected{out.error()};
        port->out_ = std::move(*out);
        port->others_connect_ = options.names.out->empty();
    }
    for (std::uint8_t i = 0; i < std::min(options.names.ins.size(), kMostInputs); ++i)
        port->open_input(options, i);
    if (options.names.feedback) port->open_feedback(options);
    return port;
}

void RtMidiPort::open_input(const RtMidiPortOptions& options, std::uint8_t source) {
    auto client = options.client + " in";
    if (source > 0) client += fmt::format(" {}", source + 1);
    auto in = MidiIn::open(
        {options.api, client, options.names.ins[source]}, time_,
        [this, source](std::span<const std::uint8_t> bytes) { arrived(source, bytes); });
    if (in)
        ins_.push_back(std::move(*in));
    else
        log::warning("no MIDI input {}: {}", source + 1, in.error().message);
}

// Its thread asks for no real-time rights: nobody hears when a lamp comes on.
void RtMidiPort::open_feedback(const RtMidiPortOptions& options) {
    auto feedback = MidiOut::open({.api = options.api,
                                   .client = options.client + " feedback",
                                   .wanted = *options.names.feedback,
                                   .priority = 0,
                                   .greeting = Greeting::none},
                                  time_);
    if (feedback)
        feedback_ = std::move(*feedback);
    else
        log::warning("no MIDI feedback: {}", feedback.error().message);
}

bool RtMidiPort::feed_back(const MidiMessage& message) noexcept {
    return feedback_ != nullptr && feedback_->send({message, time_.now()});
}

std::uint32_t RtMidiPort::output_connections() const noexcept {
    return out_ != nullptr ? out_->connections() : 0;
}

std::uint32_t RtMidiPort::feedback_connections() const noexcept {
    return feedback_ == nullptr ? 0 : feedback_->connections();
}

void RtMidiPort::arrived(std::uint8_t source, std::span<const std::uint8_t> bytes) noexcept {
    const auto now = time_.now();
    const auto message = inbox_.arrived(source, bytes, now);
    if (out_ == nullptr || thru_.load(std::memory_order_relaxed) == Thru::off) return;
    if (!message || !message->is_of_a_channel()) return;
    if (!out_->pass(source, {*message, now})) not_passed_.fetch_add(1, std::memory_order_relaxed);
}

std::uint32_t RtMidiPort::input_losses() const noexcept {
    std::uint32_t losses = 0;
    for (const auto& in : ins_) losses += in->losses();
    return losses;
}

void RtMidiPort::look_after() {
    if (out_ != nullptr) out_->look_after();
    for (auto& in : ins_) in->look_after();
    if (feedback_ != nullptr) feedback_->look_after();
    const bool listens = ask_who_listens();
    const bool listened = listens_.exchange(listens, std::memory_order_relaxed);
    if (listens && !listened && others_connect_) out_->greet();
}

// A named port is somebody; of JACK through RtMidi nobody is asked, since nothing chooses it by
// itself.
bool RtMidiPort::ask_who_listens() const {
    if (out_ == nullptr) return false;
    if (!others_connect_) return out_->connections() > 0;
    return count_receivers() > 0;
}

int RtMidiPort::count_receivers() const {
    if (receivers_) return receivers_();
    return api_ == MidiApi::alsa ? alsa_subscribers("out") : 0;
}

void RtMidiPort::close() {
    ins_.clear();
    if (out_ != nullptr) out_->close();
    if (feedback_ != nullptr) feedback_->close();
}

std::string RtMidiPort::describe() const {
    return out_ == nullptr ? std::string{} : out_->describe();
}

std::string RtMidiPort::describe_input() const {
    std::vector<std::string> all;
    all.reserve(ins_.size());
    for (const auto& in : ins_) all.push_back(in->describe());
    return fmt::format("{}", fmt::join(all, "; "));
}

std::string RtMidiPort::how_to_connect() const {
    if (!others_connect_) return describe();
    if (api_ == MidiApi::jack)
        return fmt::format("jack_connect {}:out CLIENT:PORT (jack_lsp lists them)", client_);
    return fmt::format("aconnect {} SYNTH (aconnect -l lists them)", client_);
}

std::string RtMidiPort::describe_feedback() const {
    return feedback_ == nullptr ? std::string{} : feedback_->describe();
}

PortCounters RtMidiPort::counters() const noexcept {
    PortCounters counters;
    if (out_ != nullptr) counters.unsent = out_->unsent();
    if (feedback_ != nullptr) counters.feedback_lost = feedback_->refused() + feedback_->unsent();
    counters.not_passed = not_passed_.load(std::memory_order_relaxed);
    return counters;
}

}  // namespace fusion

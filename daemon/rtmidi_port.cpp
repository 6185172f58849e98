#include "daemon/rtmidi_port.hpp"

#include <algorithm>

#include "engine/base/log.hpp"

namespace fusion {

Result<std::unique_ptr<RtMidiPort>> RtMidiPort::open(const RtMidiPortOptions& options,
                                                     const TimeSource& time, MidiInbox& inbox) {
    std::unique_ptr<RtMidiPort> port{new RtMidiPort{time, inbox}};
    if (options.names.out) {
        auto out =
            MidiOut::open({options.api, options.client, *options.names.out, options.priority});
        if (!out) return tl::unexpected{out.error()};
        port->out_ = std::move(*out);
    }
    if (options.names.in) port->open_input(options);
    return port;
}

void RtMidiPort::open_input(const RtMidiPortOptions& options) {
    auto in = MidiIn::open({options.api, options.client + " in", *options.names.in},
                           [this](std::span<const std::uint8_t> bytes) { arrived(bytes); });
    if (in)
        in_ = std::move(*in);
    else
        log::warning("no MIDI input: {}", in.error().message);
}

void RtMidiPort::arrived(std::span<const std::uint8_t> bytes) noexcept {
    const auto now = time_.now();
    inbox_.arrived(bytes, now);
    if (out_ == nullptr || thru_.load(std::memory_order_relaxed) == Thru::off) return;
    TimedMessage message{{}, now};
    if (!is_of_a_channel(bytes)) return;
    std::copy(bytes.begin(), bytes.end(), message.message.bytes.begin());
    message.message.size = static_cast<std::uint8_t>(bytes.size());
    if (!out_->pass(message)) not_passed_.fetch_add(1, std::memory_order_relaxed);
}

void RtMidiPort::look_after() {
    if (out_ != nullptr) out_->look_after();
    if (in_ != nullptr) in_->look_after();
}

void RtMidiPort::close() {
    in_.reset();
    if (out_ != nullptr) out_->close();
}

std::string RtMidiPort::describe() const {
    return out_ == nullptr ? std::string{} : out_->describe();
}

std::string RtMidiPort::describe_input() const {
    return in_ == nullptr ? std::string{} : in_->describe();
}

PortCounters RtMidiPort::counters() const noexcept {
    PortCounters counters;
    if (out_ != nullptr) counters.unsent = out_->unsent();
    counters.not_passed = not_passed_.load(std::memory_order_relaxed);
    return counters;
}

}  // namespace fusion

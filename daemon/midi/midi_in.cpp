#include "daemon/midi/midi_in.hpp"

#include <vector>

#include <RtMidi.h>

#include "engine/base/log.hpp"

namespace fusion {

Result<std::unique_ptr<MidiIn>> MidiIn::open(const MidiInOptions& options, const TimeSource& time,
                                             Receiver receiver) {
    std::unique_ptr<MidiIn> in{new MidiIn{options, time, std::move(receiver)}};
    if (auto opened = in->keeper_.open(); !opened) return tl::unexpected{opened.error()};
    return in;
}

MidiIn::MidiIn(const MidiInOptions& options, const TimeSource& time, Receiver receiver)
    : api_{options.api},
      client_{options.client},
      receiver_{std::move(receiver)},
      system_{options.api},
      keeper_{{"MIDI input", options.client, "in", options.wanted, PortSide::inputs},
              system_,
              time,
              *this} {}

MidiIn::~MidiIn() = default;  // here, where RtMidiIn is known

Result<std::string> MidiIn::plug_in(const std::string& wanted) {
    auto opened = open_input_port(api_, client_, wanted);
    if (!opened) return tl::unexpected{opened.error()};
    port_ = std::move(opened->port);
    port_->setErrorCallback([](RtMidiError::Type, const std::string& text,
                               void*) { log::warning("MIDI input: {}", text); },
                            nullptr);
    port_->ignoreTypes(false, false, false);  // clock and sensing are hidden otherwise
    port_->setCallback(
        [](double, std::vector<unsigned char>* bytes, void* self) {
            set_thread_role(ThreadRole::midi_in);
            static_cast<MidiIn*>(self)->receiver_(*bytes);
        },
        this);
    return std::move(opened->name);
}

void MidiIn::pull_out() {
    port_.reset();
    ++losses_;
}

}  // namespace fusion

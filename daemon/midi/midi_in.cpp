#include "daemon/midi/midi_in.hpp"

#include <vector>

#include <RtMidi.h>
#include <fmt/format.h>

#include "daemon/midi/port_match.hpp"
#include "engine/base/log.hpp"

namespace fusion {

Result<std::unique_ptr<MidiIn>> MidiIn::open(const MidiInOptions& options, Receiver receiver) {
    if (auto runs = midi_api_runs(options.api); !runs) return tl::unexpected{runs.error()};
    std::unique_ptr<MidiIn> in{new MidiIn{options, std::move(receiver)}};
    if (auto connected = in->connect(); !connected) {
        if (connected.error().code != Error::Code::not_found)
            return tl::unexpected{connected.error()};
        log::warning("MIDI input: {}; waiting for it", connected.error().message);
    }
    return in;
}

MidiIn::MidiIn(MidiInOptions options, Receiver receiver)
    : options_{std::move(options)}, receiver_{std::move(receiver)} {}

MidiIn::~MidiIn() { port_.reset(); }

std::string MidiIn::describe() const {
    if (port_ == nullptr) return fmt::format("{}, waiting for a port", to_string(options_.api));
    if (port_name_.empty())
        return fmt::format("{} virtual port {}:in", to_string(options_.api), options_.client);
    return fmt::format("{} port {}", to_string(options_.api), port_name_);
}

Status MidiIn::connect() {
    if (options_.api == MidiApi::jack && watch_ == nullptr) {
        watch_ = JackWatch::open(options_.client + " watch");
        if (watch_ == nullptr) return fail(Error::Code::not_found, "the JACK server is not there");
    }
    auto opened = open_input_port(options_.api, options_.client, options_.wanted);
    if (!opened) return tl::unexpected{opened.error()};
    port_ = std::move(opened->port);
    port_name_ = opened->name;
    port_->setErrorCallback([](RtMidiError::Type, const std::string& text,
                               void*) { log::warning("MIDI input: {}", text); },
                            nullptr);
    port_->ignoreTypes(false, false, false);  // clock and sensing are hidden otherwise
    port_->setCallback([](double, std::vector<unsigned char>* bytes,
                          void* self) { static_cast<MidiIn*>(self)->receiver_(*bytes); },
                       this);
    return {};
}

bool MidiIn::still_there() const {
    if (watch_ != nullptr && watch_->lost()) return false;
    if (port_name_.empty()) return true;
    const auto ports = list_ports(options_.api);
    return ports && find_port(port_name_, ports->inputs).has_value();
}

void MidiIn::look_after() {
    if (port_ != nullptr && !still_there()) {
        log::warning("MIDI input lost ({}); looking for it", describe());
        port_.reset();
        if (watch_ != nullptr && watch_->lost()) watch_.reset();
        return;
    }
    if (port_ == nullptr && connect()) log::info("MIDI input is back: {}", describe());
}

}  // namespace fusion

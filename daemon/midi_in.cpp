#include "daemon/midi_in.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <RtMidi.h>
#include <fmt/format.h>

#include "daemon/port_match.hpp"
#include "engine/base/log.hpp"

namespace fusion {

Result<std::unique_ptr<MidiIn>> MidiIn::open(boost::asio::io_context& io,
                                             const MidiInOptions& options, Receiver receiver) {
    if (auto runs = midi_api_runs(options.api); !runs) return tl::unexpected{runs.error()};
    const int event = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (event < 0)
        return fail(Error::Code::unavailable,
                    fmt::format("eventfd: {}", std::generic_category().message(errno)));
    std::unique_ptr<MidiIn> in{new MidiIn{io, options, std::move(receiver), event}};
    if (auto connected = in->connect(); !connected) {
        if (connected.error().code != Error::Code::not_found)
            return tl::unexpected{connected.error()};
        log::warning("MIDI input: {}; waiting for it", connected.error().message);
    }
    in->wait();
    return in;
}

MidiIn::MidiIn(boost::asio::io_context& io, MidiInOptions options, Receiver receiver, int event)
    : options_{std::move(options)}, receiver_{std::move(receiver)}, event_{io, event} {}

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
                          void* self) { static_cast<MidiIn*>(self)->arrived(*bytes); },
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

void MidiIn::arrived(const std::vector<unsigned char>& bytes) noexcept {
    if (bytes.empty() || bytes.size() > 3) return;  // system exclusive is not for us
    TimedMessage message{{}, std::chrono::steady_clock::now()};
    std::copy(bytes.begin(), bytes.end(), message.message.bytes.begin());
    message.message.size = static_cast<std::uint8_t>(bytes.size());
    if (!rtmidi_end_.try_push(message)) return;  // counted by the queue
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the loop is awake already.
    [[maybe_unused]] const auto written = ::write(event_.native_handle(), &one, sizeof one);
}

void MidiIn::wait() {
    event_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                      [this](const boost::system::error_code& error) {
                          if (error) return;  // closed
                          drain();
                          wait();
                      });
}

void MidiIn::drain() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto read = ::read(event_.native_handle(), &count, sizeof count);
    TimedMessage message;
    while (control_end_.try_pop(message)) receiver_(message);
}

}  // namespace fusion

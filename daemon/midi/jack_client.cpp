#include "daemon/midi/jack_client.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fmt/format.h>
#include <jack/jack.h>
#include <jack/midiport.h>
#include <jack/statistics.h>

#include "daemon/midi/jack_server.hpp"
#include "daemon/midi/port_match.hpp"

namespace fusion {
namespace {

std::vector<std::string> names_of(const char** ports) {
    std::vector<std::string> names;
    for (const char** name = ports; name != nullptr && *name != nullptr; ++name)
        names.emplace_back(*name);
    jack_free(static_cast<void*>(ports));
    return names;
}

bool connect(jack_client_t* client, const std::string& from, const std::string& to) {
    const int result = jack_connect(client, from.c_str(), to.c_str());
    return result == 0 || result == EEXIST;
}

void* cleared_buffer(jack_port_t* port, jack_nframes_t frames) noexcept {
    void* buffer = jack_port_get_buffer(port, frames);
    jack_midi_clear_buffer(buffer);
    return buffer;
}

}  // namespace

std::string jack_input_name(std::size_t input) {
    return input == 0 ? std::string{"in"} : fmt::format("in_{}", input + 1);
}

Result<std::unique_ptr<JackClient>> JackClient::open(const std::string& client,
                                                     const PortNames& names,
                                                     JackListener& listener) {
    std::unique_ptr<JackClient> made{new JackClient{listener}};
    made->client_ = open_jack_client(client);
    if (made->client_ == nullptr)
        return fail(Error::Code::not_found, "the JACK server is not there");
    if (auto registered = made->register_ports(names); !registered)
        return tl::unexpected{registered.error()};
    made->listen();
    return made;
}

Status JackClient::register_ports(const PortNames& names) {
    bool all = true;
    const auto make = [&](const char* name, JackPortFlags flag) {
        auto* port = jack_port_register(client_, name, JACK_DEFAULT_MIDI_TYPE, flag, 0);
        all = all && port != nullptr;
        return port;
    };
    if (names.out) out_ = make("out", JackPortIsOutput);
    for (std::size_t i = 0; i < std::min(names.ins.size(), ins_.size()); ++i)
        ins_[i] = make(jack_input_name(i).c_str(), JackPortIsInput);
    if (names.feedback) feedback_ = make("feedback", JackPortIsOutput);
    if (!all)
        return fail(Error::Code::unavailable,
                    "JACK has no room for another MIDI port (jackd --port-max)");
    return {};
}

void JackClient::listen() {
    rate_ = jack_get_sample_rate(client_);
    jack_set_process_callback(
        client_,
        [](jack_nframes_t frames, void* self) {
            return static_cast<JackClient*>(self)->run_cycle(frames);
        },
        this);
    jack_set_buffer_size_callback(
        client_,
        [](jack_nframes_t frames, void* self) {
            static_cast<JackClient*>(self)->tell_period(frames);
            return 0;
        },
        this);
    jack_set_sample_rate_callback(
        client_,
        [](jack_nframes_t rate, void* self) {
            static_cast<JackClient*>(self)->rate_.store(rate, std::memory_order_relaxed);
            return 0;
        },
        this);
    jack_set_port_registration_callback(
        client_,
        [](jack_port_id_t, int, void* self) {
            static_cast<JackClient*>(self)->ports_changed_.store(true, std::memory_order_relaxed);
        },
        this);
    jack_set_port_connect_callback(
        client_,
        [](jack_port_id_t from, jack_port_id_t to, int connected, void* self) {
            static_cast<JackClient*>(self)->port_connects(from, to, connected);
        },
        this);
    xruns_.begin(jack_get_xrun_delayed_usecs(client_));
    // In PipeWire's libjack on the thread of the cycle itself.
    jack_set_xrun_callback(
        client_,
        [](void* self) {
            static_cast<JackClient*>(self)->tell_xrun();
            return 0;
        },
        this);
    jack_on_shutdown(
        client_,
        [](void* self) {
            auto& client = *static_cast<JackClient*>(self);
            client.lost_.store(true, std::memory_order_relaxed);
            tell_jack_lost();
            client.listener_.server_lost();
        },
        this);
    tell_period(jack_get_buffer_size(client_));
}

Status JackClient::activate() {
    active_ = jack_activate(client_) == 0;
    if (!active_) return fail(Error::Code::unavailable, "the JACK server refuses a client");
    return {};
}

JackClient::~JackClient() {
    if (client_ == nullptr) return;
    if (active_ && !lost()) jack_deactivate(client_);
    close_jack_client(client_);
}

std::string JackClient::name() const { return jack_get_client_name(client_); }

int JackClient::run_cycle(std::uint32_t frames) noexcept {
    set_thread_role(ThreadRole::jack);
    const auto woken = std::chrono::steady_clock::now();
    JackCycle cycle{};
    cycle.cycle = {jack_last_frame_time(client_), Frames{frames}, woken,
                   SampleRate{rate_.load(std::memory_order_relaxed)}};
    cycle.has_xrun = xruns_.take();
    for (std::size_t i = 0; i < ins_.size(); ++i)
        if (ins_[i] != nullptr) cycle.ins[i] = jack_port_get_buffer(ins_[i], frames);
    if (out_ != nullptr) {
        cycle.out = cleared_buffer(out_, frames);
        cycle.receivers = out_receivers_.count();
        cycle.out_has_first = out_receivers_.take_first();
    }
    if (feedback_ != nullptr) {
        cycle.feedback = cleared_buffer(feedback_, frames);
        cycle.feedback_has_another = feedback_receivers_.take_another();
    }
    listener_.cycle(cycle);
    return 0;
}

// JACK tells of every connection that there is, and does not promise which end it names first.
void JackClient::port_connects(std::uint32_t from, std::uint32_t to, int connected) noexcept {
    for (const auto end : {from, to}) {
        const auto* port = jack_port_by_id(client_, end);
        const bool is_input = port != nullptr && std::ranges::find(ins_, port) != ins_.end();
        if (is_input && connected == 0) listener_.input_lost();
        if (port == nullptr || (port != out_ && port != feedback_)) continue;
        auto& receivers = port == out_ ? out_receivers_ : feedback_receivers_;
        connected != 0 ? receivers.came() : receivers.went();
    }
}

void JackClient::count_receivers() noexcept {
    const auto now = std::chrono::steady_clock::now();
    if (out_ != nullptr) out_receivers_.compare(jack_port_connected(out_), now);
    if (feedback_ != nullptr) feedback_receivers_.compare(jack_port_connected(feedback_), now);
}

void JackClient::tell_xrun() noexcept {
    const auto period = static_cast<float>(jack_get_buffer_size(client_)) * 1e6F /
                        static_cast<float>(rate_.load(std::memory_order_relaxed));
    xruns_.told(jack_get_xrun_delayed_usecs(client_), period);
}

void JackClient::tell_period(std::uint32_t frames) noexcept {
    const FrameGrid grid{TimePoint{}, SampleRate{rate_.load(std::memory_order_relaxed)}};
    listener_.period_becomes(grid.length_of(Frames{frames}));
}

std::vector<std::string> JackClient::ports_that_match(std::string_view wanted,
                                                      unsigned long flags) const {
    auto names = names_of(jack_get_ports(client_, nullptr, JACK_DEFAULT_MIDI_TYPE, flags));
    const auto own = name() + ':';
    std::erase_if(names, [&](const std::string& port) { return port.starts_with(own); });
    if (wanted.find_first_of("*?") != std::string_view::npos) {
        std::erase_if(names, [&](const std::string& port) { return !port_matches(wanted, port); });
        return names;
    }
    const auto found = find_port(wanted, names);
    return found ? std::vector{names[*found]} : std::vector<std::string>{};
}

std::vector<std::string> JackClient::connect_output(std::string_view wanted) {
    return connect_from(out_, wanted);
}

std::vector<std::string> JackClient::connect_feedback(std::string_view wanted) {
    return connect_from(feedback_, wanted);
}

std::vector<std::string> JackClient::connect_from(jack_port_t* own, std::string_view wanted) {
    auto ports = ports_that_match(wanted, JackPortIsInput);
    std::erase_if(ports, [&](const std::string& port) {
        return !connect(client_, jack_port_name(own), port);
    });
    return ports;
}

std::vector<std::string> JackClient::connect_input(std::size_t input, std::string_view wanted) {
    auto ports = ports_that_match(wanted, JackPortIsOutput);
    std::erase_if(ports, [&](const std::string& port) {
        return !connect(client_, port, jack_port_name(ins_[input]));
    });
    return ports;
}

}  // namespace fusion

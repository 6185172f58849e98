// jack_midi_send PORT MESSAGE...: sends MIDI messages, in hex ("b0147f"), into a JACK MIDI port, a
// period each, and ends when the server has taken them. With `stay` as the last of them it stays
// plugged in until SIGTERM unplugs it: a client that is killed lets jackd -S stand for 20 s.
#include <jack/jack.h>
#include <jack/midiport.h>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Message = std::vector<jack_midi_data_t>;

struct Sender {
    jack_port_t* port = nullptr;
    std::vector<Message> messages;
    std::size_t cycles = 0;
    sem_t done;
};

Message from_hex(const std::string& text) {
    Message bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        bytes.push_back(
            static_cast<jack_midi_data_t>(std::strtoul(text.substr(i, 2).c_str(), nullptr, 16)));
    return bytes;
}

// They go out from the first cycle on in which the port is connected; the cycles after them let
// them arrive.
int process(jack_nframes_t frames, void* self) {
    auto& sender = *static_cast<Sender*>(self);
    void* buffer = jack_port_get_buffer(sender.port, frames);
    jack_midi_clear_buffer(buffer);
    if (sender.cycles == 0 && jack_port_connected(sender.port) == 0) return 0;
    const auto at = sender.cycles++;
    if (at < sender.messages.size()) {
        const auto& bytes = sender.messages[at];
        jack_midi_event_write(buffer, 0, bytes.data(), bytes.size());
    }
    if (at == sender.messages.size() + 8) sem_post(&sender.done);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 64;
    Sender sender;
    sem_init(&sender.done, 0, 0);
    // Blocked before libjack starts threads, so that it waits for sigwait().
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
    const bool stays = std::string{argv[argc - 1]} == "stay";
    std::transform(argv + 2, argv + argc - (stays ? 1 : 0), std::back_inserter(sender.messages),
                   from_hex);
    jack_client_t* client = jack_client_open("midi-send", JackNoStartServer, nullptr);
    if (client == nullptr) return 69;
    sender.port = jack_port_register(client, "out", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
    jack_set_process_callback(client, process, &sender);
    jack_activate(client);
    if (jack_connect(client, jack_port_name(sender.port), argv[1]) != 0) {
        std::fprintf(stderr, "jack_midi_send: no port %s\n", argv[1]);
        jack_client_close(client);
        return 69;
    }
    sem_wait(&sender.done);
    if (stays) {
        sigset_t unplugged;
        sigemptyset(&unplugged);
        sigaddset(&unplugged, SIGTERM);
        int got = 0;
        sigwait(&unplugged, &got);
    }
    jack_client_close(client);
    return 0;
}

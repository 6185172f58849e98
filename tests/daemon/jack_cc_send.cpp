// jack_cc_send PORT CONTROLLER VALUE: sends one control change into a JACK MIDI port and ends when
// the server has taken it.
#include <jack/jack.h>
#include <jack/midiport.h>
#include <semaphore.h>

#include <cstdio>
#include <cstdlib>

namespace {

struct Sender {
    jack_port_t* port = nullptr;
    jack_midi_data_t bytes[3] = {0xB0, 0, 0};
    int cycles = 0;
    sem_t done;
};

// The message goes out in the first cycle in which the port is connected; the cycles after it let
// it arrive.
int process(jack_nframes_t frames, void* self) {
    auto& sender = *static_cast<Sender*>(self);
    void* buffer = jack_port_get_buffer(sender.port, frames);
    jack_midi_clear_buffer(buffer);
    if (sender.cycles == 0 && jack_port_connected(sender.port) == 0) return 0;
    if (sender.cycles == 0) jack_midi_event_write(buffer, 0, sender.bytes, sizeof sender.bytes);
    if (++sender.cycles == 8) sem_post(&sender.done);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 64;
    Sender sender;
    sem_init(&sender.done, 0, 0);
    sender.bytes[1] = static_cast<jack_midi_data_t>(std::atoi(argv[2]));
    sender.bytes[2] = static_cast<jack_midi_data_t>(std::atoi(argv[3]));
    jack_client_t* client = jack_client_open("cc-send", JackNoStartServer, nullptr);
    if (client == nullptr) return 69;
    sender.port = jack_port_register(client, "out", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
    jack_set_process_callback(client, process, &sender);
    jack_activate(client);
    if (jack_connect(client, jack_port_name(sender.port), argv[1]) != 0) {
        std::fprintf(stderr, "jack_cc_send: no port %s\n", argv[1]);
        jack_client_close(client);
        return 69;
    }
    sem_wait(&sender.done);
    jack_client_close(client);
    return 0;
}

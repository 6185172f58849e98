#include "daemon/midi/alsa_subscribers.hpp"

#include <unistd.h>

#include <memory>

#include <alsa/asoundlib.h>

#include "daemon/midi/midi_system.hpp"

namespace fusion {
namespace {

struct CloseSequencer {
    void operator()(snd_seq_t* sequencer) const noexcept { snd_seq_close(sequencer); }
};

int subscribers_of(snd_seq_t* sequencer, int client, std::string_view port) {
    snd_seq_port_info_t* info = nullptr;
    snd_seq_port_info_alloca(&info);
    snd_seq_port_info_set_client(info, client);
    snd_seq_port_info_set_port(info, -1);
    int count = 0;
    while (snd_seq_query_next_port(sequencer, info) >= 0)
        if (snd_seq_port_info_get_name(info) == port) count += snd_seq_port_info_get_read_use(info);
    return count;
}

}  // namespace

int alsa_subscribers(std::string_view port) {
    // Looked at first: alsa-lib writes lines of its own where there is none.
    if (!midi_api_runs(MidiApi::alsa)) return 0;
    snd_seq_t* opened = nullptr;
    if (snd_seq_open(&opened, "default", SND_SEQ_OPEN_OUTPUT, SND_SEQ_NONBLOCK) < 0) return 0;
    const std::unique_ptr<snd_seq_t, CloseSequencer> sequencer{opened};
    snd_seq_client_info_t* info = nullptr;
    snd_seq_client_info_alloca(&info);
    snd_seq_client_info_set_client(info, -1);
    int count = 0;
    while (snd_seq_query_next_client(opened, info) >= 0)
        if (snd_seq_client_info_get_pid(info) == ::getpid())
            count += subscribers_of(opened, snd_seq_client_info_get_client(info), port);
    return count;
}

}  // namespace fusion

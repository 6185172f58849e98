// Where the music goes in this run and what is listened to: the configured output, or what `auto`
// finds (native JACK if a server runs, else ALSA through RtMidi, else a file).
// Thread: control, but for the sink. Errors: as exit codes, with what to do.
#pragma once

#include <memory>
#include <string>

#include "config/config.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/midi/frame_time.hpp"
#include "daemon/midi/midi_inbox.hpp"
#include "daemon/midi/midi_port.hpp"
#include "daemon/midi/midi_system.hpp"
#include "daemon/midi/recorder.hpp"
#include "daemon/midi/tee_sink.hpp"

namespace fusion {

struct Output {
    std::unique_ptr<MidiPort> port;      // null: neither JACK nor ALSA is here
    std::unique_ptr<Recorder> recorder;  // null: no file
    std::unique_ptr<TeeSink> tee;        // where there are both
    bool into_a_port = false;            // false: the port is listened to alone

    [[nodiscard]] MidiSink& sink() const;
    [[nodiscard]] std::string describe() const;
    // What a person does to hear it.
    [[nodiscard]] std::string how_to_hear() const;
};

// `time` becomes the frames' where the output is native JACK. Both references outlive the output.
[[nodiscard]] Started<Output> open_output(const Config& config, FrameTime& time, MidiInbox& inbox);

enum class PortKind : std::uint8_t { jack, rtmidi_jack, alsa };
// What serves `kind` here: `automatic` asks; none for a file.
[[nodiscard]] Result<std::optional<PortKind>> choose_port(OutputKind kind);

// fusiond-20260131-235959.mid in $STATE_DIRECTORY (systemd's), else in the working directory.
[[nodiscard]] std::filesystem::path default_recording();

}  // namespace fusion

// Where the music goes in this run and what is listened to: the configured output, or what `auto`
// finds (native JACK if a server runs, else ALSA through RtMidi, whenever one of them comes; a file
// where neither is here at the start), and the built-in synth where it is named, or with `auto`
// while nobody is connected to the port. A port is waited for, so none that is missing ends the
// program. Thread: control, but for the sink. Errors: as exit codes, with what to do.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/midi/frame_time.hpp"
#include "daemon/midi/midi_inbox.hpp"
#include "daemon/midi/midi_port.hpp"
#include "daemon/midi/midi_system.hpp"
#include "daemon/midi/patient_port.hpp"
#include "daemon/midi/recorder.hpp"
#include "daemon/midi/tee_sink.hpp"
#include "daemon/synth/live_synth.hpp"

namespace fusion {

struct Output {
    std::unique_ptr<PatientPort> port;           // null: none is wanted
    std::unique_ptr<Recorder> recorder;          // always; it may be off
    std::unique_ptr<LiveSynth> synth;            // null: it is not wanted
    std::vector<std::unique_ptr<TeeSink>> tees;  // of all that take the notes
    bool into_a_port = false;                    // false: the port is listened to alone

    bool into_a_file = false;  // the recorder is what it plays into

    // The first of port, file and synth answers for all of them.
    [[nodiscard]] MidiSink& sink() const;
    [[nodiscard]] std::string describe() const;
    // What a person does to hear it.
    [[nodiscard]] std::string how_to_hear() const;

    // Each second or so: finds again what was lost. Another number than before: somebody came who
    // hears the music, and has not heard what it is to be played with.
    std::uint32_t look_after();
    // Plays what is queued, and closes; the recorder is the caller's to finish.
    void close();
};

// `time` becomes the frames' where the output is native JACK. `time` and `inbox` outlive the
// output; `genres` are the bundle's.
[[nodiscard]] Started<Output> open_output(const Config& config,
                                          const std::vector<std::string>& genres, FrameTime& time,
                                          MidiInbox& inbox);

// $STATE_DIRECTORY (systemd's), else the working directory.
[[nodiscard]] std::filesystem::path recording_folder();
// fusiond-20260131-235959.mid in `folder`, by the time of now.
[[nodiscard]] std::filesystem::path default_recording(const std::filesystem::path& folder);

}  // namespace fusion

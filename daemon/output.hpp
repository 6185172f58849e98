// Where the music goes in this run: the configured output, or what `auto` finds (JACK if a server
// runs, else ALSA, else a file).
// Thread: control, but for the sink. Errors: as exit codes, with what to do.
#pragma once

#include <memory>
#include <string>

#include "config/config.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/midi_out.hpp"
#include "daemon/recorder.hpp"
#include "daemon/tee_sink.hpp"

namespace fusion {

struct Output {
    std::unique_ptr<MidiOut> port;       // null: a file alone
    std::unique_ptr<Recorder> recorder;  // null: no file
    std::unique_ptr<TeeSink> tee;        // where there are both

    [[nodiscard]] MidiSink& sink() const;
    [[nodiscard]] std::string describe() const;
};

[[nodiscard]] Started<Output> open_output(const Config& config);

// The system that serves `kind` here: `automatic` asks; none for a file.
[[nodiscard]] Result<std::optional<MidiApi>> choose_api(OutputKind kind);

// fusiond-20260131-235959.mid in $STATE_DIRECTORY (systemd's), else in the working directory.
[[nodiscard]] std::filesystem::path default_recording();

}  // namespace fusion

#include "daemon/output_facts.hpp"

namespace fusion {

HealthFacts facts_of(const Output& output) {
    HealthFacts facts;
    const bool sounds =
        output.synth != nullptr && output.synth->state() == LiveSynth::State::sounds;
    facts.has_output =
        output.port != nullptr || output.synth != nullptr || output.recorder != nullptr;
    // A file beside a port is not what the music is played for.
    facts.is_heard =
        sounds || (output.port != nullptr ? output.port->listens() : output.recorder != nullptr);
    if (output.port == nullptr) return facts;
    const auto port = output.port->counters();
    facts.counters = {{"midi_unsent", port.unsent},
                      {"midi_late", port.late},
                      {"midi_too_late", port.too_late},
                      {"midi_kept_over", port.kept_over},
                      {"midi_not_passed", port.not_passed},
                      {"midi_ends_again", port.again},
                      {"midi_feedback_lost", port.feedback_lost}};
    return facts;
}

}  // namespace fusion

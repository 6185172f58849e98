#include "daemon/output_facts.hpp"

#include <chrono>

namespace fusion {

HealthFacts facts_of(const Output& output) {
    HealthFacts facts;
    const bool sounds =
        output.synth != nullptr && output.synth->state() == LiveSynth::State::sounds;
    facts.has_output = output.into_a_port || output.synth != nullptr || output.into_a_file;
    // A file beside a port is not what the music is played for, unless it stands in for one that
    // was never there.
    const bool has_port = output.into_a_port && output.port->is_open();
    facts.is_heard = sounds || (has_port ? output.port->listens() : output.into_a_file);
    if (output.port == nullptr) return facts;
    const auto port = output.port->counters();
    const auto missed = std::chrono::duration_cast<std::chrono::seconds>(port.without_port);
    facts.counters = {{"midi_without_port_seconds", static_cast<std::uint64_t>(missed.count())},
                      {"midi_unsent", port.unsent},
                      {"midi_late", port.late},
                      {"midi_too_late", port.too_late},
                      {"midi_kept_over", port.kept_over},
                      {"midi_not_passed", port.not_passed},
                      {"midi_ends_again", port.again},
                      {"midi_feedback_lost", port.feedback_lost}};
    return facts;
}

}  // namespace fusion

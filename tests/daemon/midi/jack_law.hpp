// Watches over JACK's thread while it is in a client's cycle: the program's own
// jack_set_process_callback arms rt_guard around each, libjack's own calls included, and the
// program's own jack_port_connected counts where it was called. Linked before libjack, so only into
// a test program of its own. Errors: none.
#pragma once

#include <cstdint>
#include <string_view>

namespace fusion::test {

// Cycles of that client of this program that were watched to their end.
[[nodiscard]] std::uint64_t watched_cycles(std::string_view client);
// Calls of jack_port_connected, and those of them that came from a cycle.
[[nodiscard]] std::uint64_t questions();
[[nodiscard]] std::uint64_t questions_in_a_cycle();
void clear_questions();

}  // namespace fusion::test

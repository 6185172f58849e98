// The fusionctl program: see command_line.hpp.
#include <csignal>
#include <iostream>

#include "osc/ctl/command_line.hpp"

namespace {

volatile std::sig_atomic_t stopped = 0;

}  // namespace

int main(int argc, char** argv) {
    struct sigaction ask_to_stop {};
    ask_to_stop.sa_handler = [](int) { stopped = 1; };
    // Once: a second Ctrl-C ends it whatever it waits for.
    ask_to_stop.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &ask_to_stop, nullptr);
    ::sigaction(SIGTERM, &ask_to_stop, nullptr);
    const auto end =
        fusion::ctl::run(argc, argv, {std::cout, std::cerr}, [] { return stopped != 0; });
    return static_cast<int>(end);
}

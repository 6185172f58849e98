// A peer with Link's own library and nothing of ours: joins the session of this machine, takes
// commands on standard input and prints what it knows exactly.
//   commands, one a line: tempo BPM | play | stop | quit
//   once a millisecond: HOST_US BEAT TEMPO PEERS PLAYING, the beat of a quantum of 4 at that host
//   time; and after each command DONE HOST_US, when it was committed.
#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

#include <ableton/Link.hpp>

namespace {

constexpr double kQuantum = 4.0;

bool obey(ableton::Link& link, const std::string& command) {
    auto session = link.captureAppSessionState();
    const auto now = link.clock().micros();
    if (command == "quit") return false;
    if (command == "play" || command == "stop")
        session.setIsPlayingAndRequestBeatAtTime(command == "play", now, 0.0, kQuantum);
    if (command.starts_with("tempo ")) session.setTempo(std::stod(command.substr(6)), now);
    link.commitAppSessionState(session);
    std::printf("DONE %lld\n", static_cast<long long>(now.count()));
    return true;
}

}  // namespace

int main() {
    ableton::Link link{120.0};
    link.enableStartStopSync(true);
    link.enable(true);
    std::setvbuf(stdout, nullptr, _IOLBF, 4096);
    pollfd commands{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    for (;;) {
        if (poll(&commands, 1, 1) > 0) {
            std::string command;
            if (!std::getline(std::cin, command) || !obey(link, command)) return 0;
        }
        const auto now = link.clock().micros();
        const auto session = link.captureAppSessionState();
        std::printf("%lld %.6f %.6f %zu %d\n", static_cast<long long>(now.count()),
                    session.beatAtTime(now, kQuantum), session.tempo(), link.numPeers(),
                    session.isPlaying() ? 1 : 0);
        if (std::ferror(stdout)) return 0;
    }
}

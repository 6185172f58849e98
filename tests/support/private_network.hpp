// A network of one's own: all Link programs of a machine find each other, so a test or a benchmark
// would play along with whatever else runs there. A network namespace with nothing but a loopback
// interface keeps it alone, and children inherit it. Called before any other thread starts.
// Errors: false where the system does not allow namespaces (some containers); then the programs
// take turns by a lock, and meet in the machine's own network.
#pragma once

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <string>

namespace fusion::test {

inline bool raise_loopback() {
    const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (any < 0) return false;
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    const bool done = ioctl(any, SIOCSIFFLAGS, &request) == 0;
    close(any);
    return done;
}

inline bool enter_private_network() {
    const auto user = std::to_string(getuid());
    if (unshare(CLONE_NEWNET) == 0) return raise_loopback();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) {
        std::ofstream{"/proc/self/uid_map"} << user << ' ' << user << " 1";
        return raise_loopback();
    }
    // Held until the process ends.
    const int turn = open("/tmp/fusiond-link-turn", O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    if (turn >= 0) flock(turn, LOCK_EX);
    return false;
}

}  // namespace fusion::test

// For what another program or the network answers when it likes.
#pragma once

#include <chrono>

namespace fusion::test {

// Does `turn` over and over until `holds`; false after 30 s, which only a machine that is lost
// needs.
template <class Holds, class Turn>
[[nodiscard]] bool eventually(Holds&& holds, Turn&& turn) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        turn();
    }
    return true;
}

}  // namespace fusion::test

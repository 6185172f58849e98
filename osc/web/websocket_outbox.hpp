// What waits to leave over one WebSocket. Bounded: a slow reader loses what a later frame about the
// same path makes stale, then answers, never the last word about a path (there are fewer paths than
// places).
// Thread: control. Errors: none; what was dropped is counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "osc/web/websocket_link.hpp"

namespace fusion {

class WebSocketOutbox {
public:
    static constexpr std::size_t kPlaces = 256;
    static constexpr std::size_t kManyBytes = 262144;

    void put(WebSocketFrame frame);
    void put_latest(WebSocketFrame frame);
    [[nodiscard]] std::optional<WebSocketFrame> take();

    [[nodiscard]] std::size_t size() const { return waiting_.size(); }
    // Half of its places are taken, or so many bytes that nothing more should be asked for.
    [[nodiscard]] bool is_half_full() const {
        return waiting_.size() >= kPlaces / 2 || bytes_ >= kManyBytes;
    }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

private:
    void make_room();

    std::deque<WebSocketFrame> waiting_;
    std::size_t bytes_ = 0;
    std::uint64_t dropped_ = 0;
};

}  // namespace fusion

#include "osc/web/websocket_outbox.hpp"

#include <algorithm>
#include <unordered_set>

namespace fusion {

void WebSocketOutbox::put(WebSocketFrame frame) {
    if (waiting_.size() >= kPlaces) make_room();
    bytes_ += frame.bytes.size();
    waiting_.push_back(std::move(frame));
}

void WebSocketOutbox::put_latest(WebSocketFrame frame) {
    const auto same = std::find_if(waiting_.begin(), waiting_.end(),
                                   [&](const auto& other) { return other.about == frame.about; });
    if (same == waiting_.end()) return put(std::move(frame));
    bytes_ += frame.bytes.size();
    bytes_ -= same->bytes.size();
    *same = std::move(frame);
}

std::optional<WebSocketFrame> WebSocketOutbox::take() {
    if (waiting_.empty()) return {};
    WebSocketFrame first = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_ -= first.bytes.size();
    return first;
}

void WebSocketOutbox::make_room() {
    ++dropped_;
    // From the newest to the oldest: the oldest of those that a later one makes stale.
    std::unordered_set<std::string_view> later;
    auto stale = waiting_.end();
    auto answer = waiting_.end();
    for (auto it = waiting_.end(); it != waiting_.begin();) {
        --it;
        if (it->about.empty())
            answer = it;
        else if (!later.insert(it->about).second)
            stale = it;
    }
    if (stale == waiting_.end()) stale = answer;
    if (stale == waiting_.end()) stale = waiting_.begin();
    bytes_ -= stale->bytes.size();
    waiting_.erase(stale);
}

}  // namespace fusion

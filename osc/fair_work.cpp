#include "osc/fair_work.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "engine/base/realtime_contract.hpp"

namespace fusion {
namespace {

// The next after `last` in a ring.
template <class Map, class Key>
typename Map::iterator next_after(Map& map, const Key& last) {
    const auto next = map.upper_bound(last);
    return next == map.end() ? map.begin() : next;
}

}  // namespace

FairWork::Lane* FairWork::find(const Source& source) {
    const auto house = houses_.find(source.address);
    if (house == houses_.end()) return nullptr;
    const auto lane = house->second.lanes.find(source.number);
    return lane == house->second.lanes.end() ? nullptr : &lane->second;
}

bool FairWork::add(const Source& source, std::size_t bytes, Task task) {
    bytes += kBytesOfATask;
    const auto* lane = find(source);
    if ((lane != nullptr && lane->bytes + bytes > limits_.bytes_of_one) ||
        waiting_of(source.address) + bytes > limits_.bytes) {
        ++refused_;
        return false;
    }
    keep(source, bytes, std::move(task));
    return true;
}

void FairWork::keep(const Source& source, std::size_t bytes, Task task) {
    expect_thread(ThreadRole::control);
    auto& lane = houses_[source.address].lanes[source.number];
    lane.bytes += bytes;
    waiting_of(source.address) += bytes;
    lane.tasks.push_back({std::move(task), bytes});
    go_on_later();
}

void FairWork::forget(const Source& source) {
    if (running_ == Running::one && source.address == runs_.address &&
        source.number == runs_.number)
        running_ = Running::forgotten;
    auto* lane = find(source);
    if (lane == nullptr) return;
    waiting_of(source.address) -= lane->bytes;
    lane->bytes = 0;
    // What the tasks hold may come back here as it goes.
    const auto gone = std::exchange(lane->tasks, {});
    drop_if_empty(source);
}

void FairWork::drop_if_empty(const Source& source) {
    const auto house = houses_.find(source.address);
    if (house == houses_.end()) return;
    auto& lanes = house->second.lanes;
    const auto lane = lanes.find(source.number);
    if (lane != lanes.end() && lane->second.tasks.empty()) lanes.erase(lane);
    if (lanes.empty()) houses_.erase(house);
}

void FairWork::piece() {
    const auto house = next_after(houses_, last_);
    last_ = house->first;
    auto& lanes = house->second.lanes;
    const auto place = next_after(lanes, house->second.last);
    house->second.last = place->first;
    const Source source{house->first, place->first};
    runs_ = source;
    running_ = Running::one;
    // Out of its lane while it is done: it may forget its own source, or add to it.
    auto first = std::move(place->second.tasks.front());
    place->second.tasks.pop_front();
    const std::weak_ptr alive{alive_};
    const auto left = first.task();
    if (alive.expired()) return;
    const auto was = std::exchange(running_, Running::none);
    auto* lane = find(source);
    if (was == Running::forgotten || lane == nullptr) return;  // its bytes went with it
    if (left == Left::more) {
        lane->tasks.push_front(std::move(first));
        return;
    }
    lane->bytes -= first.bytes;
    waiting_of(source.address) -= first.bytes;
    drop_if_empty(source);
}

void FairWork::work() {
    expect_thread(ThreadRole::control);
    const auto until = std::chrono::steady_clock::now() + limits_.turn;
    const std::weak_ptr alive{alive_};
    while (!houses_.empty()) {
        piece();
        if (alive.expired()) return;
        if (std::chrono::steady_clock::now() >= until) break;
    }
    if (!houses_.empty()) go_on_later();
}

void FairWork::go_on_later() {
    if (std::exchange(posted_, true)) return;
    boost::asio::post(io_, [this, alive = std::weak_ptr{alive_}] {
        if (alive.expired()) return;
        posted_ = false;
        work();
    });
}

}  // namespace fusion

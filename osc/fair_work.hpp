// What came from outside and is still to be done, cut into turns of the loop. Each source's work is
// done in its order, a piece at a time; the addresses take turns, and within an address its ports
// or sockets do. So who sends one message waits for a few pieces of others, not behind the three
// thousand messages of somebody's packet, and one machine with a thousand ports has one machine's
// share.
//
// Bounded: so many bytes wait for one source and for all; what is more is not taken and counted.
// This machine's own sources have a bound of their own, which the network cannot use up.
// Thread: control. Errors: add() says whether there was room.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

namespace fusion {

class FairWork {
public:
    enum class Left : std::uint8_t { nothing, more };
    // Does one piece, and says whether another is left.
    using Task = std::function<Left()>;

    struct Source {
        boost::asio::ip::address address;
        std::uint64_t number = 0;  // of the port or the socket
    };
    struct Limits {
        std::chrono::microseconds turn{2000};  // then whatever else is due gets its turn
        std::size_t bytes_of_one = std::size_t{1} << 20U;
        std::size_t bytes = std::size_t{16} << 20U;  // of the network, and as many of this machine
    };
    // What a task takes beside its bytes, roughly.
    static constexpr std::size_t kBytesOfATask = 256;

    FairWork(boost::asio::io_context& io, Limits limits) : io_{io}, limits_{limits} {}
    explicit FairWork(boost::asio::io_context& io) : FairWork{io, Limits{}} {}
    FairWork(const FairWork&) = delete;
    FairWork& operator=(const FairWork&) = delete;

    // False: no room, and nothing is done. It is begun in one of the loop's next rounds.
    bool add(const Source& source, std::size_t bytes, Task task);
    // The same of what was bounded elsewhere: there is always room.
    void add_bounded(const Source& source, Task task) { keep(source, 0, std::move(task)); }
    // A turn, now. A task may end this object.
    void work();
    // What waits of a source that has gone.
    void forget(const Source& source);

    [[nodiscard]] bool idle() const { return houses_.empty(); }
    [[nodiscard]] std::uint64_t refused() const { return refused_; }

private:
    struct Waiting {
        Task task;
        std::size_t bytes;
    };
    struct Lane {
        std::deque<Waiting> tasks;
        std::size_t bytes = 0;
    };
    struct House {  // one address
        std::map<std::uint64_t, Lane> lanes;
        std::uint64_t last = 0;  // whose turn was last
    };
    [[nodiscard]] std::size_t& waiting_of(const boost::asio::ip::address& address) {
        return address.is_loopback() ? own_bytes_ : others_bytes_;
    }
    [[nodiscard]] Lane* find(const Source& source);
    void keep(const Source& source, std::size_t bytes, Task task);
    void drop_if_empty(const Source& source);
    void piece();
    void go_on_later();

    boost::asio::io_context& io_;
    Limits limits_;
    std::map<boost::asio::ip::address, House> houses_;
    boost::asio::ip::address last_;  // whose turn was last
    std::size_t own_bytes_ = 0;
    std::size_t others_bytes_ = 0;
    std::uint64_t refused_ = 0;
    bool posted_ = false;
    enum class Running : std::uint8_t { none, one, forgotten };
    Running running_ = Running::none;
    Source runs_;
    std::shared_ptr<void> alive_ = std::make_shared<char>();
};

}  // namespace fusion

#include "daemon/tape/tape_reading.hpp"

#include <pthread.h>

#include <cassert>
#include <utility>

#include <boost/asio/post.hpp>

namespace fusion {

TapeReading::~TapeReading() {
    if (thread_.joinable()) thread_.join();
}

void TapeReading::begin(Work work, Done done) {
    assert(!busy_);
    busy_ = true;
    if (thread_.joinable()) thread_.join();  // it has posted its last
    thread_ = std::thread{[this, alive = std::weak_ptr{alive_}, work = std::move(work),
                           done = std::move(done)]() mutable {
        pthread_setname_np(pthread_self(), "fusion-tape");
        auto read = std::make_shared<Result<Tape>>(work());
        boost::asio::post(io_, [this, alive, read, done = std::move(done)] {
            if (alive.expired()) return;
            busy_ = false;
            done(std::move(*read));
        });
    }};
}

}  // namespace fusion

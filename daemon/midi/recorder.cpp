#include "daemon/midi/recorder.hpp"

#include <pthread.h>

#include <mutex>
#include <utility>
#include <vector>

#include "engine/base/semaphore.hpp"

namespace fusion {
namespace {

constexpr Nanos kTurn{std::chrono::milliseconds{100}};
constexpr Nanos kTurnWhileOff{std::chrono::seconds{2}};
constexpr std::size_t kMostLetters = 1024;

}  // namespace

// What lies between control and the recorder's thread. The mutex is held for copies alone, never
// while there is work at a file.
struct Recorder::Desk {
    Desk(RecordingOptions options, const TimeSource& clock)
        : writer{std::move(options)}, time{clock} {}

    enum class Wish : std::uint8_t { none, begin, pause, split };

    SpscQueue<TimedMessage> queue{kQueue};
    RecordingWriter writer;  // the thread's
    const TimeSource& time;
    Semaphore wake;
    Semaphore done;
    std::atomic<bool> ending{false};

    std::mutex mutex;
    std::vector<RecordedItem> letters;  // by the mutex, as all below
    std::uint64_t letters_lost = 0;
    Wish wish = Wish::none;
    RecorderState state;

    void post(RecordedItem item) {
        const std::lock_guard lock{mutex};
        if (letters.size() < kMostLetters)
            letters.push_back(std::move(item));
        else
            ++letters_lost;
    }
    void post(Wish what) {
        {
            const std::lock_guard lock{mutex};
            wish = what;
            if (what != Wish::split) state.on = what == Wish::begin;
        }
        wake.post();
    }

    bool recording() {
        const std::lock_guard lock{mutex};
        return state.on;
    }
    // True: it is recording.
    bool turn() {
        std::vector<RecordedItem> arrived;
        Wish wished{};
        bool on{};  // as it was asked for last
        {
            const std::lock_guard lock{mutex};
            arrived.swap(letters);
            wished = std::exchange(wish, Wish::none);
            on = state.on;
        }
        for (auto& item : arrived) writer.take(std::move(item));
        TimedMessage next;
        while (queue.out.try_pop(next)) writer.take({next.deadline, next.message});
        const auto now = time.now();
        writer.turn(now);
        if (wished == Wish::split) {
            writer.mend();
            writer.split(now);
        }
        if (wished == Wish::pause) writer.finish(now);
        const std::lock_guard lock{mutex};
        show();
        return on;
    }
    void show() {
        state.writing = writer.writing();
        state.file = writer.file();
        state.whole = writer.whole_file();
        state.trouble = writer.trouble();
        state.lost = writer.lost() + queue.refused() + letters_lost;
    }
};

Recorder::Recorder(RecordingOptions options, const TimeSource& time, Begin begin)
    : desk_{std::make_shared<Desk>(std::move(options), time)},
      queue_in_{std::move(desk_->queue.in)},
      on_{begin == Begin::on},
      tempo_{0.0} {
    desk_->state.on = begin == Begin::on;
    desk_->show();
    thread_ = std::thread{[desk = desk_] { run(desk); }};
}

Recorder::~Recorder() { finish(); }

void Recorder::run(const std::shared_ptr<Desk>& desk) {
    pthread_setname_np(pthread_self(), "fusion-record");
    if (desk->recording()) desk->writer.mend();
    while (!desk->ending.load(std::memory_order_acquire)) {  // partner: finish()
        const bool on = desk->turn();
        static_cast<void>(desk->wake.wait_for(on ? kTurn : kTurnWhileOff));
    }
    static_cast<void>(desk->turn());
    desk->writer.finish(desk->time.now());
    {
        const std::lock_guard lock{desk->mutex};
        desk->show();
    }
    desk->done.post();
}

void Recorder::tempo(Bpm tempo, TimePoint when) {
    expect_thread(ThreadRole::control);
    if (tempo == tempo_) return;
    tempo_ = tempo;
    desk_->post(RecordedItem{when, tempo});
}

void Recorder::marker(std::string text, TimePoint when) {
    expect_thread(ThreadRole::control);
    desk_->post(RecordedItem{when, std::move(text)});
}

void Recorder::begin() {
    desk_->post(Desk::Wish::begin);
    on_.store(true, std::memory_order_relaxed);  // a flag
}

void Recorder::pause() {
    on_.store(false, std::memory_order_relaxed);  // a flag
    desk_->post(Desk::Wish::pause);
}

void Recorder::split() { desk_->post(Desk::Wish::split); }

void Recorder::finish(Nanos at_most) {
    if (!thread_.joinable()) return;
    desk_->ending.store(true, std::memory_order_release);  // partner: run()
    desk_->wake.post();
    if (desk_->done.wait_for(at_most)) {
        thread_.join();
        return;
    }
    // A disk that hangs: what is in the file is mended at the next start.
    thread_.detach();
    const std::lock_guard lock{desk_->mutex};
    desk_->state.trouble = "the disk did not answer; the end of the recording may be missing";
}

RecorderState Recorder::state() const {
    const std::lock_guard lock{desk_->mutex};
    return desk_->state;
}

}  // namespace fusion

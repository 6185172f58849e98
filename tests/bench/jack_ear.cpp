#include "tests/bench/jack_ear.hpp"

#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <jack/jack.h>
#include <jack/midiport.h>

#include "daemon/midi/jack_server.hpp"

namespace fusion::bench {

using namespace std::chrono_literals;

namespace {

constexpr const char* kOption = "--ear";
constexpr std::size_t kMostHeard = 1U << 20U;
constexpr std::size_t kMostMarks = 1U << 15U;

enum class EarState : int { starting, listening, failed };

}  // namespace

struct JackEar::Shared {
    std::atomic<EarState> state{EarState::starting};
    std::atomic<Roll> roll{Roll::as_it_is};
    std::atomic<int> priority{0};
    std::atomic<std::uint64_t> xruns{0};
    std::atomic<std::size_t> heard_count{0};
    std::atomic<std::size_t> mark_count{0};
    std::array<Heard, kMostHeard> heard;
    std::array<Mark, kMostMarks> marks;
};

// --- The other process ---

namespace {

// Signals end it while it waits.
std::atomic<bool> ending{false};

class Ear {
public:
    explicit Ear(JackEar::Shared& shared) : shared_{shared} {}
    ~Ear() {
        for (auto* client : {ear_, mouth_})
            if (client != nullptr) close_jack_client(client);
    }
    Ear(const Ear&) = delete;
    Ear& operator=(const Ear&) = delete;

    bool open() {
        ear_ = open_jack_client("bench ear");
        mouth_ = open_jack_client("bench mouth");
        if (ear_ == nullptr || mouth_ == nullptr) return false;
        in_ = jack_port_register(ear_, "in", JACK_DEFAULT_MIDI_TYPE, JackPortIsInput, 0);
        out_ = jack_port_register(mouth_, "out", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
        jack_set_process_callback(
            ear_,
            [](jack_nframes_t frames, void* self) { return static_cast<Ear*>(self)->hear(frames); },
            this);
        jack_set_process_callback(
            mouth_,
            [](jack_nframes_t frames, void* self) { return static_cast<Ear*>(self)->mark(frames); },
            this);
        jack_set_xrun_callback(
            ear_,
            [](void* self) {
                static_cast<Ear*>(self)->shared_.xruns.fetch_add(1, std::memory_order_relaxed);
                return 0;
            },
            this);
        for (auto* client : {ear_, mouth_})
            jack_on_shutdown(
                client, [](void*) { ending.store(true, std::memory_order_relaxed); }, nullptr);
        return in_ != nullptr && out_ != nullptr && jack_activate(ear_) == 0 &&
               jack_activate(mouth_) == 0;
    }

    void listen() {
        shared_.state.store(EarState::listening, std::memory_order_release);  // partner: start()
        while (!ending.load(std::memory_order_relaxed)) {
            const auto roll = shared_.roll.exchange(Roll::as_it_is, std::memory_order_relaxed);
            if (roll == Roll::stop) jack_transport_stop(ear_);
            if (roll == Roll::from_zero) {
                jack_transport_locate(ear_, 0);
                jack_transport_start(ear_);
            }
            std::this_thread::sleep_for(10ms);
        }
    }

private:
    int hear(jack_nframes_t frames) noexcept {
        const auto first = jack_last_frame_time(ear_);
        void* buffer = jack_port_get_buffer(in_, frames);
        auto count = shared_.heard_count.load(std::memory_order_relaxed);
        const auto events = jack_midi_get_event_count(buffer);
        for (jack_nframes_t i = 0; i < events && count < kMostHeard; ++i) {
            jack_midi_event_t event{};
            if (jack_midi_event_get(&event, buffer, i) != 0) continue;
            if (const auto message = MidiMessage::from({event.buffer, event.size}))
                shared_.heard[count++] = {first + event.time, *message};
        }
        shared_.heard_count.store(count, std::memory_order_release);  // partner: heard()
        if (!told_priority_) tell_priority();
        return 0;
    }

    int mark(jack_nframes_t frames) noexcept {
        const auto woken = std::chrono::steady_clock::now();
        const auto first = jack_last_frame_time(mouth_);
        void* buffer = jack_port_get_buffer(out_, frames);
        jack_midi_clear_buffer(buffer);
        const auto count = shared_.mark_count.load(std::memory_order_relaxed);
        if (woken < next_mark_ || count == kMostMarks) return 0;
        next_mark_ = woken + 100ms;
        const auto offset = static_cast<std::uint32_t>(count * 37 % frames);
        shared_.marks[count] = {first + offset, woken, offset};
        const auto number = count % kMarkNumbers;
        const std::array<jack_midi_data_t, 3> bytes{kMarkStatus,
                                                    static_cast<jack_midi_data_t>(number & 0x7FU),
                                                    static_cast<jack_midi_data_t>(number >> 7U)};
        if (jack_midi_event_write(buffer, offset, bytes.data(), bytes.size()) == 0)
            shared_.mark_count.store(count + 1, std::memory_order_release);  // partner: marks()
        return 0;
    }

    void tell_priority() noexcept {
        told_priority_ = true;
        sched_param has{};
        if (sched_getparam(0, &has) == 0)
            shared_.priority.store(has.sched_priority, std::memory_order_relaxed);
    }

    JackEar::Shared& shared_;
    jack_client_t* ear_ = nullptr;
    jack_client_t* mouth_ = nullptr;
    jack_port_t* in_ = nullptr;
    jack_port_t* out_ = nullptr;
    TimePoint next_mark_{};
    bool told_priority_ = false;
};

JackEar::Shared* map(int file) {
    void* memory = mmap(nullptr, sizeof(JackEar::Shared), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_POPULATE, file, 0);
    return memory == MAP_FAILED ? nullptr : static_cast<JackEar::Shared*>(memory);
}

}  // namespace

std::optional<int> run_as_ear(int argc, char** argv) {
    if (argc != 3 || std::string_view{argv[1]} != kOption) return std::nullopt;
    auto* shared = map(std::atoi(argv[2]));
    if (shared == nullptr) return 2;
    std::signal(SIGTERM, [](int) { ending.store(true, std::memory_order_relaxed); });
    std::signal(SIGINT, SIG_IGN);  // of the terminal; who started it will end it
    Ear ear{*shared};
    if (!ear.open()) {
        shared->state.store(EarState::failed, std::memory_order_release);  // partner: start()
        return 2;
    }
    ear.listen();
    return 0;
}

// --- This process ---

Result<std::unique_ptr<JackEar>> JackEar::start() {
    const auto cannot = [](const char* what) {
        return fail(Error::Code::io, fmt::format("{}: {}", what, std::strerror(errno)));
    };
    const int file = memfd_create("ear", 0);  // kept over exec
    if (file < 0 || ftruncate(file, sizeof(Shared)) != 0) return cannot("memfd_create");
    auto* memory = map(file);
    if (memory == nullptr) return cannot("mmap");
    auto* shared = new (memory) Shared;
    const auto number = std::to_string(file);
    const auto process = fork();
    if (process < 0) return cannot("fork");
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        execl("/proc/self/exe", "/proc/self/exe", kOption, number.c_str(),
              static_cast<char*>(nullptr));
        _exit(127);
    }
    ::close(file);
    std::unique_ptr<JackEar> made{new JackEar{shared, process}};
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < give_up) {
        const auto state = shared->state.load(std::memory_order_acquire);  // partner: listen()
        if (state == EarState::listening) return made;
        if (state == EarState::failed) break;
        std::this_thread::sleep_for(5ms);
    }
    return fail(Error::Code::unavailable, "the JACK server refuses the listening clients");
}

JackEar::~JackEar() {
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
    munmap(shared_, sizeof(Shared));
}

std::span<const Heard> JackEar::heard() const {
    return {shared_->heard.data(),
            shared_->heard_count.load(std::memory_order_acquire)};  // partner: hear()
}
std::span<const Mark> JackEar::marks() const {
    return {shared_->marks.data(),
            shared_->mark_count.load(std::memory_order_acquire)};  // partner: mark()
}
std::uint64_t JackEar::xruns() const { return shared_->xruns.load(std::memory_order_relaxed); }
int JackEar::priority() const { return shared_->priority.load(std::memory_order_relaxed); }
void JackEar::transport(Roll roll) { shared_->roll.store(roll, std::memory_order_relaxed); }

}  // namespace fusion::bench

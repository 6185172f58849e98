#include "tests/bench/jack_stage.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/midi/jack_server.hpp"
#include "engine/base/realtime_rights.hpp"
#include "tests/bench/stand_ins.hpp"

namespace fusion::bench {
namespace {

using namespace std::chrono_literals;

constexpr int kServerPriority = 10;  // jackd's default

std::atomic<bool> signalled{false};

void end_at_signals() {
    for (const int signal : {SIGINT, SIGTERM})
        std::signal(signal, [](int) { signalled.store(true, std::memory_order_relaxed); });
}

// Asks for it and gives it back: a server told -R without the right to it says so in words only.
bool may_be_realtime() {
    sched_param wanted{};
    wanted.sched_priority = kServerPriority;
    if (pthread_setschedparam(pthread_self(), SCHED_FIFO, &wanted) != 0) return false;
    wanted.sched_priority = 0;
    return pthread_setschedparam(pthread_self(), SCHED_OTHER, &wanted) == 0;
}

}  // namespace

// --- The server ---

// -S: the server waits for its clients. Without it a client that is late is heard a period late,
// which is no fault of what is measured.
Result<std::unique_ptr<OwnServer>> OwnServer::start(Frames period) {
    const auto name = fmt::format("fusiond-bench-{}", getpid());
    std::vector<std::string> command{"jackd"};
    if (may_be_realtime())
        command.insert(command.end(), {"-R", "-P", fmt::format("{}", kServerPriority)});
    else
        command.emplace_back("-r");
    command.insert(command.end(),
                   {"-S", "-t", "2000", "-n", name, "-d", "dummy", "-r",
                    fmt::format("{}", kRate.count()), "-p", fmt::format("{}", period.count())});
    setenv("JACK_DEFAULT_SERVER", name.c_str(), 1);
    setenv("JACK_NO_AUDIO_RESERVATION", "1", 1);
    std::signal(SIGPIPE, SIG_IGN);  // as the daemon does
    const int output = memfd_create("jackd", MFD_CLOEXEC);
    const auto process = output < 0 ? -1 : fork();
    if (process < 0) return fail(Error::Code::io, std::strerror(errno));
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
        std::vector<char*> words;
        for (auto& word : command) words.push_back(word.data());
        words.push_back(nullptr);
        execvp(words[0], words.data());
        _exit(127);
    }
    std::unique_ptr<OwnServer> made{
        new OwnServer{fmt::format("{}", fmt::join(command, " ")), process, output}};
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < give_up) {
        if (waitpid(process, nullptr, WNOHANG) == process) {
            made->process_ = 0;
            break;
        }
        if (jack_runs()) return made;
        std::this_thread::sleep_for(50ms);
    }
    return fail(Error::Code::unavailable,
                fmt::format("`{}` does not serve (`apt-get install jackd2`): {}", made->command_,
                            made->said()));
}

OwnServer::~OwnServer() {
    if (process_ > 0) {
        kill(process_, SIGTERM);
        waitpid(process_, nullptr, 0);
    }
    ::close(output_);
}

std::string OwnServer::said() const {
    std::array<char, 4096> text{};
    const auto size = pread(output_, text.data(), text.size(), 0);
    return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

// --- The log ---

bool ScheduleLog::send(const TimedMessage& message) noexcept {
    const auto count = count_.load(std::memory_order_relaxed);
    if (count < kMost)
        entries_[count] = {message.message, time_.on_a_frame(message.deadline),
                           message.deadline - time_.now()};
    if (!sink_.send(message)) return false;
    if (count < kMost) count_.store(count + 1, std::memory_order_release);  // partner: entries()
    return true;
}

std::span<const ScheduleLog::Entry> ScheduleLog::entries() const {
    return {entries_.data(), count_.load(std::memory_order_acquire)};  // partner: send()
}

// --- The stage ---

Result<std::unique_ptr<JackStage>> JackStage::open(const Options& options) {
    end_at_signals();
    std::unique_ptr<JackStage> stage{new JackStage};
    auto server = OwnServer::start(options.period);
    if (!server) return tl::unexpected{server.error()};
    stage->server_ = std::move(*server);
    auto ear = JackEar::start();
    if (!ear) return tl::unexpected{ear.error()};
    stage->ear_ = std::move(*ear);
    auto inbox = MidiInbox::open(stage->io_);
    if (!inbox) return tl::unexpected{inbox.error()};
    stage->inbox_ = std::move(*inbox);
    stage->inbox_->deliver_to(
        [self = stage.get()](const TimedMessage& message) { self->see_mark(message); });
    auto port = JackMidi::open({.client = "fusiond bench",
                                .names = {.out = JackEar::kIn, .ins = {JackEar::kOut}},
                                .margin = options.margin},
                               stage->time_, *stage->inbox_);
    if (!port) return tl::unexpected{port.error()};
    stage->port_ = std::move(*port);
    stage->log_ = std::make_unique<ScheduleLog>(stage->port_->sink(), stage->time_);
    for (int i = 0; i < 100 && stage->landmarks_.size() < 2; ++i) stage->tend(50ms);
    if (stage->landmarks_.size() < 2)
        return fail(Error::Code::unavailable, "no mark comes in; is the port connected?");
    return stage;
}

void JackStage::play() {
    static_cast<void>(params_.set(ParamId::ramp, 0.0));
    static_cast<void>(params_.set_weight(0, 10.0));
    // The ends of the notes fall between the beginnings.
    static_cast<void>(params_.set(ParamId::gate, 0.45));
    static_cast<void>(lock_memory());      // as the daemon does; what is refused is refused
    heard_before_ = ear_->heard().size();  // the greeting
    engine_ = std::make_unique<Engine>(std::make_unique<FastLine>(), std::make_unique<FastLine>(),
                                       params_, *log_, time_, EngineOptions{.horizon_steps = 48});
    engine_->start();
    while (!engine_->meters().ready.load() && !interrupted()) tend(1ms);
}

void JackStage::tend(Nanos how_long) {
    const auto end = std::chrono::steady_clock::now() + how_long;
    PlayedEvent event;
    while (std::chrono::steady_clock::now() < end && !interrupted()) {
        io_.restart();
        io_.poll();
        if (engine_ != nullptr) {
            while (engine_->played().try_pop(event)) {
            }
            engine_->drain_log();
        }
        std::this_thread::sleep_for(std::min(how_long, Nanos{20ms}));
    }
}

void JackStage::stop() {
    engine_->stop();
    tend(200ms);
}

bool JackStage::interrupted() { return signalled.load(std::memory_order_relaxed); }

void JackStage::see_mark(const TimedMessage& message) {
    if (message.message.bytes()[0] != kMarkStatus) return;
    // Marks come in their order; those before the port was connected did not come.
    const auto marks = ear_->marks();
    auto place = marks.size();
    while (place > 0 && (place - 1) % kMarkNumbers != mark_number(message.message)) --place;
    if (place == 0) return;
    const auto& mark = marks[place - 1];
    landmarks_.push_back({server_frame(mark.frame), message.deadline});
    const FrameGrid grid{TimePoint{}, OwnServer::kRate};
    const auto began = time_.to_monotonic(message.deadline) - grid.length_of(Frames{mark.offset});
    woken_after_.record(std::chrono::duration_cast<Micros>(mark.woken - began));
}

// --- Frames ---

std::int64_t JackStage::server_frame(std::uint32_t frame) const {
    return static_cast<std::int32_t>(frame - ear_->marks().front().frame);
}

std::int64_t JackStage::server_frame(TimePoint on_a_frame, std::int64_t near) const {
    auto mark = std::upper_bound(
        landmarks_.begin() + 1, landmarks_.end(), near,
        [](std::int64_t frame, const Landmark& after) { return frame < after.server; });
    --mark;
    const FrameGrid grid{mark->time, OwnServer::kRate};
    return mark->server + grid.frame_at(on_a_frame).count();
}

std::int64_t JackStage::apart(const Landmark& mark) const {
    const FrameGrid grid{landmarks_.front().time, OwnServer::kRate};
    return mark.server - grid.frame_at(mark.time).count();
}

std::size_t JackStage::remappings() const {
    std::size_t count = 0;
    for (std::size_t i = 1; i < landmarks_.size(); ++i)
        count += apart(landmarks_[i]) != apart(landmarks_[i - 1]) ? 1U : 0U;
    return count;
}

Histogram::Summary JackStage::woken_after() const { return woken_after_.summary(); }

}  // namespace fusion::bench

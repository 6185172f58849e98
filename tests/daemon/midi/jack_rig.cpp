#include "tests/daemon/midi/jack_rig.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <map>
#include <thread>

#include <jack/jack.h>
#include <jack/midiport.h>

#include "daemon/midi/jack_server.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;

// -S: the server waits for its clients; without real-time rights on a busy machine it would
// otherwise run past one that was not woken in time.
[[noreturn]] void become_jackd(const char* name, JackServer::Waits waits, int output) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    std::vector<const char*> words{"jackd", "-r"};
    if (waits == JackServer::Waits::for_clients) words.push_back("-S");
    for (const char* word : {"-t", "2000", "-n", name, "-d", "dummy", "-r", "48000", "-p", "128"})
        words.push_back(word);
    words.push_back(nullptr);
    ::execvp("jackd", const_cast<char* const*>(words.data()));
    ::_exit(127);
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FUSION_UNDER_TSAN
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define FUSION_UNDER_TSAN
#endif

bool is_greeting(const JackPeer::Heard& heard) {
    const auto controller = heard.bytes[1];
    return (heard.bytes[0] & 0xF0U) == 0xB0U &&
           (controller == 64 || controller == 120 || controller == 123);
}

}  // namespace

JackServer::JackServer(std::string name, Waits waits)
    : name_{name.empty() ? "fusiond-jack-rig-" + std::to_string(::getpid()) : std::move(name)},
      waits_{waits} {
    ::setenv("JACK_DEFAULT_SERVER", name_.c_str(), 1);
    ::setenv("JACK_NO_START_SERVER", "1", 1);
    ::setenv("JACK_NO_AUDIO_RESERVATION", "1", 1);
    std::signal(SIGPIPE, SIG_IGN);  // as the daemon does
}

std::string JackServer::start() {
#ifdef FUSION_UNDER_TSAN
    return "ThreadSanitizer";
#endif
    output_ = ::memfd_create("jackd", MFD_CLOEXEC);
    if (output_ < 0) return "no file in memory";
    child_ = ::fork();
    if (child_ == 0) become_jackd(name_.c_str(), waits_, output_);
    for (int i = 0; i < 200 && !jack_runs(); ++i) {
        std::this_thread::sleep_for(50ms);
        if (::waitpid(child_, nullptr, WNOHANG) == 0) continue;
        child_ = 0;  // it has ended
        auto why = said();
        ::close(output_);
        return why.empty() ? "jackd cannot be run" : why;
    }
    return jack_runs() ? "" : said();
}

std::string JackServer::said() const {
    std::array<char, 4096> text{};
    const auto size = ::pread(output_, text.data(), text.size(), 0);
    return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

void JackServer::stop() {
    if (child_ <= 0) return;
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
    ::close(output_);
    child_ = 0;
}

void JackServer::die() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    ::close(output_);
    child_ = 0;
}

void JackServer::halt() { ::kill(child_, SIGSTOP); }
void JackServer::go_on() { ::kill(child_, SIGCONT); }

JackPeer::JackPeer(const std::string& name) : client_{open_jack_client(name)} {
    if (client_ == nullptr) return;
    in_ = jack_port_register(client_, "in", JACK_DEFAULT_MIDI_TYPE, JackPortIsInput, 0);
    out_ = jack_port_register(client_, "out", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
    jack_set_process_callback(
        client_,
        [](jack_nframes_t frames, void* self) {
            return static_cast<JackPeer*>(self)->run_cycle(frames);
        },
        this);
    jack_activate(client_);
}

JackPeer::~JackPeer() {
    if (client_ != nullptr) close_jack_client(client_);
}

bool JackPeer::connect(const std::string& from, const std::string& to) {
    return jack_connect(client_, from.c_str(), to.c_str()) == 0 && cycles(2);
}

void JackPeer::disconnect(const std::string& from, const std::string& to) {
    jack_disconnect(client_, from.c_str(), to.c_str());
    cycles(2);
}

void JackPeer::exchange(const std::string& from, const std::string& old_to,
                        const std::string& new_to) {
    jack_disconnect(client_, from.c_str(), old_to.c_str());
    jack_connect(client_, from.c_str(), new_to.c_str());
}

void JackPeer::set_period(std::uint32_t frames) { jack_set_buffer_size(client_, frames); }

void JackPeer::set_wheel(Wheel wheel) { jack_set_freewheel(client_, wheel == Wheel::free ? 1 : 0); }

void JackPeer::oversleep(std::chrono::milliseconds time) {
    oversleeps_.store(static_cast<int>(time.count()), std::memory_order_relaxed);
}

void JackPeer::send(std::vector<Message> wanted) {
    job_is_done();
    sending_ = std::move(wanted);
    send_job_and_wait(messages);
}

void JackPeer::begin_to_send(std::vector<Message> wanted) {
    job_is_done();
    sending_ = std::move(wanted);
    begin(messages);
}

std::size_t JackPeer::flood(std::uint32_t offset) {
    flood_offset_ = offset;
    send_job_and_wait(as_many_as_fit);
    return sent_;
}

void JackPeer::begin(int job) {
    job_.store(job, std::memory_order_release);  // partner: run_cycle()
}

bool JackPeer::job_is_done() {
    return until([this] { return job_.load(std::memory_order_acquire) == nothing; });
}

bool JackPeer::send_job_and_wait(int job) {
    begin(job);
    return job_is_done();
}

std::vector<JackPeer::Heard> JackPeer::heard() const {
    const auto count = count_.load(std::memory_order_acquire);  // partner: run_cycle()
    return {heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::vector<JackPeer::Heard> JackPeer::heard_once() const {
    // The newest of each note and of each controller.
    std::map<std::array<std::uint8_t, 2>, std::array<std::uint8_t, 3>> newest;
    std::vector<Heard> once;
    for (const auto& heard : this->heard()) {
        const auto& bytes = heard.bytes;
        const bool ends_note = (bytes[0] & 0xF0U) == 0x80U;
        const auto kind = static_cast<std::uint8_t>(ends_note ? bytes[0] | 0x10U : bytes[0]);
        auto& before = newest[{kind, bytes[1]}];
        // A note-off is one at any speed.
        const bool again =
            ends_note ? before[0] == bytes[0] : before == bytes && is_greeting(heard);
        if (!again) once.push_back(heard);
        before = bytes;
    }
    return once;
}

std::vector<JackPeer::Heard> JackPeer::heard_notes() const {
    auto all = heard_once();
    std::erase_if(all, is_greeting);
    return all;
}

bool JackPeer::until(const std::function<bool()>& holds) {
    const auto give_up = std::chrono::steady_clock::now() + 10s;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > give_up) return false;
        cycle_.wait_for(100ms);
    }
    return true;
}

bool JackPeer::cycles(int count) {
    int left = count + 1;  // one may have been posted long ago
    return until([&left] { return left-- == 0; });
}

void JackPeer::until_the_server_stands() {
    while (cycle_.wait_for(50ms)) {
    }
}

int JackPeer::run_cycle(std::uint32_t frames) noexcept {
    const auto sleeps = oversleeps_.exchange(0, std::memory_order_relaxed);
    if (sleeps > 0) std::this_thread::sleep_for(std::chrono::milliseconds{sleeps});
    const auto first = jack_last_frame_time(client_);
    void* in = jack_port_get_buffer(in_, frames);
    auto count = count_.load(std::memory_order_relaxed);
    for (std::uint32_t i = 0; i < jack_midi_get_event_count(in) && count < kMost; ++i) {
        jack_midi_event_t event{};
        jack_midi_event_get(&event, in, i);
        auto& heard = heard_[count++];
        heard.frame = first + event.time;
        heard.bytes = {};
        std::copy_n(event.buffer, std::min<std::size_t>(event.size, 3), heard.bytes.begin());
    }
    count_.store(count, std::memory_order_release);  // partner: heard()

    void* out = jack_port_get_buffer(out_, frames);
    jack_midi_clear_buffer(out);
    const auto job = job_.load(std::memory_order_acquire);  // partner: send_job_and_wait()
    if (job == messages)
        for (const auto& message : sending_)
            jack_midi_event_write(out, message.offset, message.bytes.data(), message.bytes.size());
    if (job == as_many_as_fit) {
        const std::array<jack_midi_data_t, 3> note{0x91, 1, 1};
        sent_ = 0;
        while (jack_midi_event_write(out, flood_offset_, note.data(), note.size()) == 0) ++sent_;
    }
    if (job != nothing) sent_at_ = first;
    job_.store(nothing, std::memory_order_release);  // partner: send_job_and_wait()
    cycle_.post();
    return 0;
}

}  // namespace fusion

// A fusiond of its own, as an installation runs it: under somebody who takes its pings, with its
// log in a file, with a state and a recording. Ended when this goes.
// Thread: one. Errors: what cannot be started ends the program.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "osc/ctl/client.hpp"

namespace fusion::faults {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

inline double seconds_since(Clock::time_point then) {
    return std::chrono::duration<double>(Clock::now() - then).count();
}

class DaemonAtWork {
public:
    struct Options {
        std::string program;
        std::uint16_t port;
        std::string config;              // TOML
        std::vector<std::string> words;  // of the command line, beside --config, --osc-port
        Clock::duration watchdog = 4s;
        fs::path state{};  // none: one that goes with it
        std::vector<std::pair<std::string, std::string>> environment{};
    };

    explicit DaemonAtWork(const Options& options)
        : folder_{fs::temp_directory_path() / fmt::format("fusion-faults-{}", ::getpid())},
          state_{options.state} {
        fs::create_directories(folder_);
        if (state_.empty()) state_ = folder_ / "state.toml";
        std::ofstream{folder_ / "config.toml"} << options.config;
        open_pings();
        child_ = ::fork();
        if (child_ == 0) become(options);
        waits_ = std::thread{[this] { take_pings(); }};
    }
    ~DaemonAtWork() {
        if (child_ > 0) {
            ::kill(child_, SIGKILL);
            while (::waitpid(child_, nullptr, WNOHANG) == 0) {
                reap_traced();
                std::this_thread::sleep_for(1ms);
            }
        }
        stopping_ = true;
        waits_.join();
        ::close(pings_);
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    DaemonAtWork(const DaemonAtWork&) = delete;
    DaemonAtWork& operator=(const DaemonAtWork&) = delete;

    [[nodiscard]] pid_t pid() const { return child_; }
    [[nodiscard]] fs::path recording() const { return folder_ / "all.mid"; }
    [[nodiscard]] const fs::path& state() const { return state_; }
    [[nodiscard]] std::string log() const { return text_of(folder_ / "log"); }
    [[nodiscard]] static std::string text_of(const fs::path& file) {
        std::ifstream in{file};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    [[nodiscard]] bool is_ready() const { return ready_; }
    bool until_ready(Clock::duration at_most = 60s) const {
        const auto begun = Clock::now();
        while (!ready_ && Clock::now() - begun < at_most && runs())
            std::this_thread::sleep_for(10ms);
        return ready_;
    }
    [[nodiscard]] bool runs() const { return ::waitpid(child_, nullptr, WNOHANG) == 0; }
    [[nodiscard]] int pings() const { return count_; }
    // The task whose name is `name`, 0: none.
    [[nodiscard]] pid_t thread(const std::string& name) const {
        for (const auto& task : fs::directory_iterator{fmt::format("/proc/{}/task", child_)})
            if (text_of(task.path() / "comm") == name + "\n")
                return static_cast<pid_t>(std::stol(task.path().filename().string()));
        return 0;
    }

    // This program traces the thread: nobody hears of the end of the process before the thread's is
    // taken note of.
    void traces(pid_t thread) { traced_ = thread; }

    struct End {
        bool ended = false;
        int status = 0;
        double seconds = 0.0;
    };
    End terminate(Clock::duration at_most = 20s) {
        End end;
        const auto before = Clock::now();
        ::kill(child_, SIGTERM);
        while (!end.ended && Clock::now() - before < at_most) {
            reap_traced();
            end.ended = ::waitpid(child_, &end.status, WNOHANG) == child_;
            if (!end.ended) std::this_thread::sleep_for(5ms);
        }
        end.seconds = seconds_since(before);
        if (end.ended) child_ = 0;
        return end;
    }

private:
    void open_pings() {
        pings_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_un to{};
        to.sun_family = AF_UNIX;
        const auto path = (folder_ / "notify").string();
        path.copy(to.sun_path, sizeof to.sun_path - 1);
        const timeval often{0, 100'000};
        ::setsockopt(pings_, SOL_SOCKET, SO_RCVTIMEO, &often, sizeof often);
        if (::bind(pings_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) std::abort();
    }
    void take_pings() {
        std::string text(4096, '\0');
        while (!stopping_) {
            const auto size = ::recv(pings_, text.data(), text.size(), 0);
            if (size <= 0) continue;
            const auto said = std::string_view{text}.substr(0, static_cast<std::size_t>(size));
            if (said.find("READY=1") != std::string_view::npos) ready_ = true;
            if (said.find("WATCHDOG=1") != std::string_view::npos) ++count_;
        }
    }
    void reap_traced() const {
        if (traced_ > 0) ::waitpid(traced_, nullptr, __WALL | WNOHANG);
    }
    [[noreturn]] void become(const Options& options) const {
        const int log =
            ::open((folder_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        ::dup2(log, STDOUT_FILENO);
        ::dup2(log, STDERR_FILENO);
        ::setenv("NOTIFY_SOCKET", (folder_ / "notify").c_str(), 1);
        const auto us = std::chrono::duration_cast<std::chrono::microseconds>(options.watchdog);
        ::setenv("WATCHDOG_USEC", std::to_string(us.count()).c_str(), 1);
        ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
        for (const auto& [name, value] : options.environment)
            ::setenv(name.c_str(), value.c_str(), 1);
        std::vector<std::string> words{options.program,   "--plain",
                                       "--config",        (folder_ / "config.toml").string(),
                                       "--osc-port",      std::to_string(options.port),
                                       "--oscquery-port", "0",
                                       "--no-synth",      "--state",
                                       state().string()};
        words.insert(words.end(), options.words.begin(), options.words.end());
        for (auto& word : words)
            if (word == "RECORDING") word = recording().string();
        std::vector<char*> argv;
        for (auto& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        ::execv(options.program.c_str(), argv.data());
        std::_Exit(127);
    }

    fs::path folder_;
    fs::path state_;
    int pings_ = -1;
    pid_t child_ = 0;
    pid_t traced_ = 0;
    std::atomic<bool> ready_{false}, stopping_{false};
    std::atomic<int> count_{0};
    std::thread waits_;
};

// Asks /sync over and over on a thread of its own, and keeps the longest that an answer took.
class SyncAsker {
public:
    explicit SyncAsker(std::uint16_t port) : thread_{[this, port] { ask(port); }} {}
    ~SyncAsker() {
        stopping_ = true;
        thread_.join();
    }
    SyncAsker(const SyncAsker&) = delete;
    SyncAsker& operator=(const SyncAsker&) = delete;

    [[nodiscard]] double worst_ms() const { return static_cast<double>(worst_us_) / 1000.0; }
    [[nodiscard]] int answered() const { return answered_; }
    [[nodiscard]] int unanswered() const { return unanswered_; }
    [[nodiscard]] int over_50_ms() const { return over_; }

private:
    void ask(std::uint16_t port) {
        auto client = OscClient::open("127.0.0.1", port);
        while (!stopping_ && client) {
            const auto before = Clock::now();
            if (!client->ask({}, 2000ms)) {
                ++unanswered_;
                std::this_thread::sleep_for(10ms);
                continue;
            }
            const auto us =
                std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - before);
            worst_us_ = std::max<std::int64_t>(worst_us_, us.count());
            if (us > 50ms) ++over_;
            ++answered_;
            std::this_thread::sleep_for(5ms);
        }
    }

    std::atomic<bool> stopping_{false};
    std::atomic<std::int64_t> worst_us_{0};
    std::atomic<int> answered_{0}, unanswered_{0}, over_{0};
    std::thread thread_;
};

}  // namespace fusion::faults

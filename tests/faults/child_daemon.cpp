#include "tests/faults/child_daemon.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>

extern char** environ;

namespace fusion::faults {

ChildDaemon::~ChildDaemon() {
    if (child_ > 0) end_by(SIGKILL);
}

bool ChildDaemon::start(std::vector<std::string> words) {
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t into;
    posix_spawn_file_actions_init(&into);
    posix_spawn_file_actions_addopen(&into, STDERR_FILENO, log_.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&into, STDERR_FILENO, STDOUT_FILENO);
    const bool started = ::posix_spawn(&child_, argv[0], &into, nullptr, argv.data(), environ) == 0;
    posix_spawn_file_actions_destroy(&into);
    return started;
}

void ChildDaemon::send(int signal) const { ::kill(child_, signal); }

bool ChildDaemon::lives() { return child_ > 0 && ::waitpid(child_, nullptr, WNOHANG) == 0; }

ChildDaemon::End ChildDaemon::end_by(int signal) {
    using Clock = std::chrono::steady_clock;
    End end;
    const auto before = Clock::now();
    send(signal);
    ::waitpid(child_, &end.status, 0);
    child_ = 0;
    end.seconds = std::chrono::duration<double>{Clock::now() - before}.count();
    return end;
}

std::string ChildDaemon::words() const {
    std::ifstream in{log_};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::filesystem::path fusiond_program(int argc, char** argv) {
    if (argc > 1) return argv[1];
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "fusiond";
}

}  // namespace fusion::faults

#include "tests/bench/other_programs.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <sstream>
#include <utility>

#include <fmt/format.h>

extern char** environ;

namespace fusion::bench {

Result<OtherProgram> OtherProgram::start(const std::vector<std::string>& command,
                                         const std::string& package) {
    const int output = memfd_create("output", MFD_CLOEXEC);
    if (output < 0) return fail(Error::Code::io, std::strerror(errno));
    posix_spawn_file_actions_t redirected;
    posix_spawn_file_actions_init(&redirected);
    posix_spawn_file_actions_adddup2(&redirected, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&redirected, output, STDERR_FILENO);
    std::vector<char*> arguments;
    for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    pid_t process = 0;
    const int rc =
        posix_spawnp(&process, arguments[0], &redirected, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&redirected);
    if (rc != 0) {
        ::close(output);
        return fail(Error::Code::not_found,
                    fmt::format("{}: {}; `apt-get install {}`", command.front(), std::strerror(rc),
                                package));
    }
    return OtherProgram{process, output};
}

OtherProgram::OtherProgram(OtherProgram&& other) noexcept
    : process_{std::exchange(other.process_, 0)}, output_{std::exchange(other.output_, -1)} {}

void OtherProgram::stop() {
    if (process_ > 0) {
        kill(process_, SIGTERM);
        waitpid(std::exchange(process_, 0), nullptr, 0);
    }
    if (output_ >= 0) ::close(std::exchange(output_, -1));
}

std::string OtherProgram::wait() {
    if (process_ > 0) waitpid(std::exchange(process_, 0), nullptr, 0);
    std::string all;
    std::array<char, 65536> block{};
    lseek(output_, 0, SEEK_SET);
    for (ssize_t got = 0; (got = read(output_, block.data(), block.size())) > 0;)
        all.append(block.data(), static_cast<std::size_t>(got));
    return all;
}

Result<OtherProgram> start_cyclictest(int priority, int seconds) {
    std::vector<std::string> command{"cyclictest",
                                     "-m",
                                     "-q",
                                     "-i",
                                     "1000",
                                     "-t",
                                     "1",
                                     "-h",
                                     "20000",
                                     "-D",
                                     fmt::format("{}", seconds)};
    if (priority > 0) command.insert(command.end(), {"-p", fmt::format("{}", priority)});
    return OtherProgram::start(command, "rt-tests");
}

Status parse_cyclictest(const std::string& printed, Histogram& into) {
    std::istringstream lines{printed};
    for (std::string line; std::getline(lines, line);) {
        std::int64_t us = 0;
        std::uint64_t times = 0;
        std::istringstream words{line};
        if (line.empty() || line.front() == '#' || !(words >> us >> times)) continue;
        for (; times > 0; --times) into.record(Micros{us});
    }
    // What lay beyond its histogram is in the line "# Histogram Overflows: 00002".
    const std::string_view mark = "Histogram Overflows:";
    if (const auto at = printed.find(mark); at != std::string::npos)
        for (auto beyond = std::strtoull(printed.c_str() + at + mark.size(), nullptr, 10);
             beyond > 0; --beyond)
            into.record(Micros{20'000});
    if (into.count() > 0) return {};
    return fail(Error::Code::malformed,
                "cyclictest printed no histogram, but: " + printed.substr(0, 400));
}

Status read_cyclictest(OtherProgram& cyclictest, Histogram& into) {
    return parse_cyclictest(cyclictest.wait(), into);
}

Result<OtherProgram> start_load(unsigned cores, int seconds) {
    return OtherProgram::start({"stress-ng", "--cpu", fmt::format("{}", cores), "--timeout",
                                fmt::format("{}s", seconds), "--quiet"},
                               "stress-ng");
}

}  // namespace fusion::bench

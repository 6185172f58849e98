#include "daemon/system/desktop.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

namespace fusion {
namespace {

bool is_set(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
}

// What a program of the desktop starts with.
class SpawnSettings {
public:
    SpawnSettings() {
        ::posix_spawn_file_actions_init(&actions);
        for (const auto& [fd, flags] : {std::pair{0, O_RDONLY}, {1, O_WRONLY}, {2, O_WRONLY}})
            ::posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", flags, 0);
        ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
        ::posix_spawnattr_init(&attributes);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes, &signals);
        ::sigaddset(&signals, SIGPIPE);  // ignored here
        ::posix_spawnattr_setsigdefault(&attributes, &signals);
        ::posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~SpawnSettings() {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;

    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

}  // namespace

Status Desktop::open(const std::string& url) {
    if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY"))
        return fail(Error::Code::unavailable,
                    "no desktop here (neither DISPLAY nor WAYLAND_DISPLAY is set)");
    std::string program = "xdg-open", page = url;
    const std::array<char*, 3> words{program.data(), page.data(), nullptr};
    const SpawnSettings settings;
    const int failed = ::posix_spawnp(&xdg_open_, "xdg-open", &settings.actions,
                                      &settings.attributes, words.data(), environ);
    if (failed == 0) return {};
    xdg_open_ = 0;
    return fail(Error::Code::unavailable,
                fmt::format("xdg-open: {} (Debian's package xdg-utils)", std::strerror(failed)));
}

std::string Desktop::news() {
    if (xdg_open_ == 0) return {};
    int status = 0;
    if (::waitpid(xdg_open_, &status, WNOHANG) == 0) return {};
    xdg_open_ = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return "xdg-open found no browser that shows it";
}

}  // namespace fusion

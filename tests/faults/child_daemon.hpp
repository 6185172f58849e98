// A fusiond that is a process of its own, with its words in a file. Thread: any one.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace fusion::faults {

class ChildDaemon {
public:
    explicit ChildDaemon(std::filesystem::path log) : log_{std::move(log)} {}
    ~ChildDaemon();
    ChildDaemon(const ChildDaemon&) = delete;
    ChildDaemon& operator=(const ChildDaemon&) = delete;

    bool start(std::vector<std::string> words);
    void send(int signal) const;
    [[nodiscard]] bool lives();
    struct End {
        int status = -1;
        double seconds = 0.0;
    };
    // Sends it, and waits.
    End end_by(int signal);
    [[nodiscard]] std::string words() const;

private:
    std::filesystem::path log_;
    pid_t child_ = 0;
};

// `said`, else that beside this program.
[[nodiscard]] std::filesystem::path fusiond_program(int argc, char** argv);

}  // namespace fusion::faults

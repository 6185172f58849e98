// A D-Bus of a test's own, and the other programs that it needs beside. All end with their objects.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace fusion {

// A child process that ends with this.
class Child {
public:
    explicit Child(std::vector<std::string> words) {
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        std::array<int, 2> ends{};
        if (pipe(ends.data()) != 0) return;
        pid_ = fork();
        if (pid_ == 0) {
            dup2(ends[1], STDOUT_FILENO);
            execvp(arguments[0], arguments.data());
            _exit(127);
        }
        close(ends[1]);
        out_ = ends[0];
    }
    ~Child() {
        if (pid_ > 0) {
            kill(pid_, SIGTERM);
            waitpid(pid_, nullptr, 0);
        }
        close(out_);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // Its first line; empty where it ended without one.
    [[nodiscard]] std::string line() const {
        std::string text;
        char c = 0;
        while (read(out_, &c, 1) == 1 && c != '\n') text += c;
        return text;
    }

private:
    pid_t pid_ = -1;
    int out_ = -1;
};

class Folder {
public:
    Folder() {
        std::string name = std::filesystem::temp_directory_path() / "fusion-bus-XXXXXX";
        if (mkdtemp(name.data()) != nullptr) path_ = name;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

class BusDaemon {
public:
    BusDaemon() {
        const auto file = folder_.path() / "bus.conf";
        std::ofstream{file} << fmt::format(
            R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>custom</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>)",
            (folder_.path() / "socket").string());
        child_ = std::make_unique<Child>(std::vector<std::string>{
            "dbus-daemon", "--config-file=" + file.string(), "--nofork", "--print-address"});
        address_ = child_->line();
    }
    [[nodiscard]] const std::string& address() const { return address_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

private:
    Folder folder_;
    std::unique_ptr<Child> child_;
    std::string address_;
};

}  // namespace fusion

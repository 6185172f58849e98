// `./dev bench start [--times N] [--bundle FILE] [--json FILE]`: how long a daemon takes from its
// start until the first note can be played, and what memory it has a few seconds later: how much of
// what is resident is LibTorch's and its mathematics' files, how much other libraries', how much
// our program's, and how much nobody's file (heaps, stacks, the networks).
//
// Beside the floor: a process that links LibTorch and does nothing, and a daemon whose bundle has
// no networks. Memory is not locked but in the last row: then all that is mapped is resident.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "engine/model/bundle.hpp"
#include "tests/bench/figures.hpp"
#include "tests/daemon/synthetic_bundle.hpp"

extern char** environ;

namespace fusion::bench {
namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

// In bytes.
struct Resident {
    std::size_t torch = 0, libraries = 0, program = 0, nobodys = 0;
    [[nodiscard]] std::size_t all() const { return torch + libraries + program + nobodys; }
};

// By the file that each part of its memory is of (/proc/PID/smaps).
Resident resident_of(pid_t process, const std::string& program) {
    Resident found;
    std::ifstream maps{fmt::format("/proc/{}/smaps", process)};
    std::size_t* of = &found.nobodys;
    const auto is_any_of = [](const std::string& name, std::initializer_list<const char*> parts) {
        return std::any_of(parts.begin(), parts.end(),
                           [&](const char* part) { return name.find(part) != std::string::npos; });
    };
    for (std::string line; std::getline(maps, line);) {
        std::istringstream words{line};
        std::string first, rights, offset, device, inode, file;
        words >> first;
        if (first.find('-') != std::string::npos && first.back() != ':') {
            words >> rights >> offset >> device >> inode >> file;
            of = file.empty() || file.front() != '/' ? &found.nobodys
                 : file == program                   ? &found.program
                 : is_any_of(file, {"torch", "c10", "blas", "gfortran", "dnnl", "caffe", "sleef",
                                    "gomp", "protobuf", "onnx", "tensorpipe", "XNNPACK", "QNNPACK",
                                    "gloo", "fbgemm", "cpuinfo", "pthreadpool", "kineto"})
                     ? &found.torch
                     : &found.libraries;
        } else if (first == "Rss:") {
            std::size_t kilobytes = 0;
            words >> kilobytes;
            *of += kilobytes * 1024;
        }
    }
    return found;
}

struct Took {
    double ready_ms = 0.0;
    Resident resident;
};

// Starts it, waits until it says `ready` and then for `settles`, and ends it.
std::optional<Took> start(std::vector<std::string> words, const std::string& ready,
                          Clock::duration settles, const fs::path& log) {
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t into;
    posix_spawn_file_actions_init(&into);
    posix_spawn_file_actions_addopen(&into, STDOUT_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&into, STDOUT_FILENO, STDERR_FILENO);
    pid_t child = 0;
    const auto begun = Clock::now();
    const bool spawned = ::posix_spawn(&child, argv[0], &into, nullptr, argv.data(), environ) == 0;
    posix_spawn_file_actions_destroy(&into);
    if (!spawned) return std::nullopt;
    std::optional<Took> took;
    while (!took && Clock::now() - begun < std::chrono::seconds{60} &&
           ::waitpid(child, nullptr, WNOHANG) == 0) {
        std::ifstream in{log};
        const std::string said{std::istreambuf_iterator<char>{in}, {}};
        if (said.find(ready) == std::string::npos) {
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
            continue;
        }
        took.emplace();
        took->ready_ms = std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
        std::this_thread::sleep_for(settles);
        took->resident = resident_of(child, fs::canonical(words[0]).string());
    }
    ::kill(child, SIGTERM);
    ::waitpid(child, nullptr, 0);
    return took;
}

int run(int times, std::string bundle, const std::string& json_file, const fs::path& beside) {
    const auto base = fs::temp_directory_path() / fmt::format("fusion-start-{}", ::getpid());
    fs::create_directories(base);
    const auto small = (base / "small.bundle").string();
    if (bundle.empty()) bundle = FUSION_SOURCE_BUNDLE;
    for (const char* locked : {"false", "true"})
        std::ofstream{base / fmt::format("locked-{}.toml", locked)}
            << "[clock]\npriority = 0\nlock_memory = " << locked
            << "\n[oscquery]\nadvertise = false\n[midi]\ninput = \"off\"\n";
    if (!save_bundle(test::synthetic_bundle(), small, TensorPrecision::f32)) return 2;
    const auto daemon = [&](const std::string& of, const char* locked) {
        return std::vector<std::string>{(beside / "fusiond").string(),
                                        "--plain",
                                        "--config",
                                        (base / fmt::format("locked-{}.toml", locked)).string(),
                                        "--bundle",
                                        of,
                                        "--output",
                                        "file",
                                        "--file",
                                        (base / "all.mid").string(),
                                        "--osc-port",
                                        "0",
                                        "--oscquery-port",
                                        "0",
                                        "--no-synth",
                                        "--state",
                                        "off"};
    };
    struct Row {
        std::string name;
        std::vector<std::string> words;
        std::string ready;
    };
    std::vector<Row> rows;
    if (fs::exists(beside / "only_torch"))
        rows.push_back(
            {"LibTorch linked, nothing done", {(beside / "only_torch").string()}, "ready"});
    rows.push_back({"a bundle without networks", daemon(small, "false"), "playing into"});
    rows.push_back({"this bundle", daemon(bundle, "false"), "playing into"});
    rows.push_back({"this bundle, memory locked", daemon(bundle, "true"), "playing into"});

    fmt::print("{:<32}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}\n", "", "ready ms", "resident",
               "LibTorch", "libraries", "program", "no file");
    nlohmann::json figures;
    int result = 0;
    for (const auto& row : rows) {
        std::vector<Took> all;
        for (int i = 0; i < times; ++i)
            if (auto took = start(row.words, row.ready, std::chrono::seconds{3}, base / "log"))
                all.push_back(*took);
        if (all.empty()) {
            fmt::print("{:<32}does not start\n", row.name);
            result = 1;
            continue;
        }
        // The median by time; memory is much the same each time.
        std::sort(all.begin(), all.end(),
                  [](const Took& a, const Took& b) { return a.ready_ms < b.ready_ms; });
        const auto& took = all[all.size() / 2];
        const auto mb = [](std::size_t bytes) { return static_cast<double>(bytes) / 1e6; };
        const auto& memory = took.resident;
        fmt::print("{:<32}{:>10.0f}{:>10.1f}{:>10.1f}{:>10.1f}{:>10.1f}{:>10.1f}\n", row.name,
                   took.ready_ms, mb(memory.all()), mb(memory.torch), mb(memory.libraries),
                   mb(memory.program), mb(memory.nobodys));
        figures[row.name] = {
            {"ready_ms", took.ready_ms},        {"resident_mb", mb(memory.all())},
            {"libtorch_mb", mb(memory.torch)},  {"libraries_mb", mb(memory.libraries)},
            {"program_mb", mb(memory.program)}, {"no_file_mb", mb(memory.nobodys)}};
    }
    fs::remove_all(base);
    return write_json(json_file, figures) ? result : 1;
}

}  // namespace
}  // namespace fusion::bench

int main(int argc, char** argv) {
    CLI::App app{"What a start takes: time and memory"};
    int times = 5;
    std::string bundle, json_file;
    app.add_option("--times", times, "Starts of each")->check(CLI::Range(1, 1000));
    app.add_option("--bundle", bundle, "Trained bundle");
    app.add_option("--json", json_file, "Write the figures here");
    CLI11_PARSE(app, argc, argv);
    const auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    return fusion::bench::run(times, bundle, json_file, beside);
}

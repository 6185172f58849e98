// `./dev faults crashes [FUSIOND [TIMES]]`: a daemon at 400 BPM is killed (SIGKILL) at a hundred
// random moments and started again each time. What of the notes that an OSC client heard more than
// a second before the kill is in no recording; whether the files are whole after the last start.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"
#include "osc/ctl/client.hpp"
#include "tests/daemon/synthetic_bundle.hpp"
#include "tests/faults/child_daemon.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint16_t kPort = 19'717;

struct Recorded {
    std::uint64_t notes = 0;
    bool whole = false;
    bool all_end = false;
};

// Of the run with that number, from 0: each begins a file.
Recorded recorded_in(const fs::path& folder, int run) {
    const auto file =
        folder / (run == 0 ? std::string{"all.mid"} : fmt::format("all-{}.mid", run + 1));
    Recorded all;
    const auto bytes = read_file(file, kMaxSmfBytes);
    const auto smf =
        bytes ? read_smf(*bytes, file.string()) : Result<Smf>{fail(Error::Code::io, "")};
    if (!smf) return all;
    all.whole = smf->mends.empty();
    std::int64_t sounding = 0;
    for (const auto& [at, message] : smf->tracks.front().messages) {
        if (message.is_note_on()) ++all.notes, ++sounding;
        if (message.is_note_off()) --sounding;
    }
    all.all_end = sounding == 0;
    return all;
}

// Notes that were heard until `end`, by when they were.
std::vector<Clock::time_point> listen_until(OscClient& ear, Clock::time_point end) {
    std::vector<Clock::time_point> heard;
    while (Clock::now() < end) {
        const auto message = ear.receive(end);
        if (message && *message && (*message)->path == "/fusiond/note")
            heard.push_back(Clock::now());
    }
    return heard;
}

int run(const fs::path& program, int times) {
    const auto folder = fs::temp_directory_path() / fmt::format("fusion-crashes-{}", ::getpid());
    fs::create_directories(folder);
    const auto bundle = folder / "small.bundle";
    const bool ready =
        save_bundle(test::synthetic_bundle(), bundle, TensorPrecision::f32).has_value() &&
        write_file(folder / "room.toml",
                   std::string_view{"[clock]\npriority = 0\nlock_memory = false\n[oscquery]\n"
                                    "on = false\n[parameters]\ntempo = 400\nlongest_rest = 1\n"})
            .has_value();
    if (!ready) return 2;

    faults::ChildDaemon daemon{folder / "log"};
    std::mt19937 random{7};
    std::vector<std::uint64_t> owed;  // by run
    for (int i = 0; i <= times; ++i) {
        const bool last = i == times;
        if (!daemon.start({program.string(), "--config", (folder / "room.toml").string(),
                           "--bundle", bundle.string(), "--output", "file", "--file",
                           (folder / "all.mid").string(), "--plain", "--osc-port",
                           std::to_string(kPort), "--state", (folder / "state.toml").string()}))
            return 2;
        auto ear = OscClient::open("127.0.0.1", kPort);
        if (!ear) return 2;
        // One that was killed before it began would write no file, and all others' numbers were
        // off.
        const auto until = Clock::now() + 120s;
        while (!ear->ask({{"/fusiond/subscribe", {60, std::string{"note"}}}}, 500ms)) {
            if (Clock::now() > until) {
                fmt::print("start {} does not answer within two minutes\n{}", i, daemon.words());
                return 2;
            }
            std::this_thread::sleep_for(20ms);
        }
        const auto end = Clock::now() + 1100ms + std::chrono::milliseconds{random() % 1500};
        const auto heard = listen_until(*ear, end);
        daemon.end_by(last ? SIGTERM : SIGKILL);
        const auto killed = Clock::now();
        owed.push_back(static_cast<std::uint64_t>(std::ranges::count_if(
            heard, [&](const auto when) { return last || killed - when > 1s; })));
    }
    std::uint64_t owed_in_all = 0, recorded = 0, lost = 0, torn = 0, stuck = 0;
    for (int i = 0; i <= times; ++i) {
        const auto found = recorded_in(folder, i);
        const auto wanted = owed[static_cast<std::size_t>(i)];
        owed_in_all += wanted;
        recorded += found.notes;
        lost += wanted > found.notes ? wanted - found.notes : 0;
        torn += found.whole ? 0 : 1;
        stuck += found.all_end ? 0 : 1;
    }
    fmt::print(
        "killed {} times: {} notes heard more than a second before; recorded {}; lost beyond the "
        "last second {} (0), files that are not whole {} (0), with notes without an end {} (0)\n",
        times, owed_in_all, recorded, lost, torn, stuck);
    const bool good = lost == 0 && torn == 0 && stuck == 0 && owed_in_all > 0;
    if (!good) fmt::print("{}\n", daemon.words());
    fs::remove_all(folder);
    return good ? 0 : 1;
}

}  // namespace
}  // namespace fusion

int main(int argc, char** argv) {
    return fusion::run(fusion::faults::fusiond_program(argc, argv),
                       argc > 2 ? std::atoi(argv[2]) : 100);
}

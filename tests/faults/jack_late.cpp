// `./dev faults jack_late [FUSIOND [SECONDS]]`: started without a JACK server, which comes so many
// seconds later (how often it is looked for does not change after ten, so that minutes are no other
// than those). How long until it plays into it: by `jack`, and by `auto`, which records into a file
// meanwhile.
#include <memory>

#include "tests/daemon/midi/jack_rig.hpp"
#include "tests/faults/daemon_at_work.hpp"

namespace fusion::faults {
namespace {

constexpr std::uint16_t kPort = 19'745;

int run(const std::string& program, const std::string& output, std::chrono::seconds late) {
    JackServer server{"fusion-late-" + output, JackServer::Waits::for_nobody};
    DaemonAtWork daemon{{.program = program,
                         .port = kPort,
                         .config = "[midi]\nport = \"ear:in\"\ninput = \"off\"\n"
                                   "[clock]\npriority = 0\nlock_memory = false\n"
                                   "[parameters]\ntempo = 400\nlongest_rest = 0.5\n",
                         .words = {"--output", output, "--file", "RECORDING"}}};
    if (!daemon.until_ready()) {
        fmt::print("--output {} without a server does not start:\n{}", output, daemon.log());
        return 1;
    }
    std::this_thread::sleep_for(late);
    if (const auto why = server.start(); !why.empty()) {
        fmt::print("no JACK server can be run here ({}): skipped\n", why);
        return 0;
    }
    const auto since = Clock::now();
    JackPeer ear{"ear"};
    const bool heard = ear.until([&] { return !ear.heard_notes().empty(); });
    if (!heard && !ear.cycles(2)) fmt::print("the JACK server runs no cycles for anybody\n");
    fmt::print("--output {}, JACK {} s late: {} after {:.2f} s (2)\n", output, late.count(),
               heard ? "plays" : "does not play", seconds_since(since));
    if (!heard) fmt::print("its log:\n{}", daemon.log());
    const auto end = daemon.terminate();
    return heard && end.ended ? 0 : 1;
}

}  // namespace
}  // namespace fusion::faults

int main(int argc, char** argv) {
    const auto beside = std::filesystem::path{argv[0]}.parent_path() / "fusiond";
    const auto program = argc > 1 ? std::string{argv[1]} : beside.string();
    const auto late = std::chrono::seconds{argc > 2 ? std::stoi(argv[2]) : 20};
    const int named = fusion::faults::run(program, "jack", late);
    const int automatic = fusion::faults::run(program, "auto", late);
    return named + automatic == 0 ? 0 : 1;
}

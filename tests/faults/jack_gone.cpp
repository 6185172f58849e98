// `./dev faults jack_gone [FUSIOND [KILLED [HUNG]]]`: a JACK server is killed and started again so
// often, then stopped (SIGSTOP) for two seconds so often, while somebody asks /sync all the time.
// How long it takes from when the server is there again until a note is heard at a client of it.
#include <algorithm>
#include <memory>

#include "tests/daemon/midi/jack_rig.hpp"
#include "tests/faults/daemon_at_work.hpp"

namespace fusion::faults {
namespace {

constexpr std::uint16_t kPort = 19'743;
constexpr double kTarget = 2.0;

struct Times {
    std::vector<double> seconds;
    int never = 0;

    void print(const char* what) const {
        const auto within = std::count_if(seconds.begin(), seconds.end(),
                                          [](double each) { return each <= kTarget; });
        const auto worst =
            seconds.empty() ? 0.0 : *std::max_element(seconds.begin(), seconds.end());
        fmt::print("{}: {} of {} play again within {:.0f} s; the slowest took {:.2f} s; {} never\n",
                   what, within, seconds.size() + static_cast<std::size_t>(never), kTarget, worst,
                   never);
    }
};

bool hears_a_note(JackPeer& ear, Times& times, Clock::time_point since) {
    const auto before = ear.heard_notes().size();
    while (seconds_since(since) < 30.0) {
        if (ear.heard_notes().size() > before) {
            times.seconds.push_back(seconds_since(since));
            return true;
        }
        std::this_thread::sleep_for(5ms);
    }
    ++times.never;
    return false;
}

int run(const std::string& program, int killed, int hung) {
    JackServer server{"", JackServer::Waits::for_nobody};
    if (const auto why = server.start(); !why.empty()) {
        fmt::print("no JACK server can be run here ({}): skipped\n", why);
        return 0;
    }
    Times first, after_kill, after_hang;
    auto ear = std::make_unique<JackPeer>("ear");
    DaemonAtWork daemon{{.program = program,
                         .port = kPort,
                         .config = "[midi]\nport = \"ear:in\"\ninput = \"off\"\n"
                                   "[clock]\npriority = 0\nlock_memory = false\n"
                                   "[parameters]\ntempo = 400\nlongest_rest = 0.5\n",
                         .words = {"--output", "jack"}}};
    if (!daemon.until_ready() || !hears_a_note(*ear, first, Clock::now())) {
        fmt::print("nothing is heard:\n{}", daemon.log());
        return 1;
    }
    SyncAsker asker{kPort};
    for (int i = 0; i < killed; ++i) {
        ear.reset();
        server.die();
        if (const auto why = server.start(); !why.empty()) {
            fmt::print("the JACK server does not come back: {}\n", why);
            return 1;
        }
        const auto since = Clock::now();
        ear = std::make_unique<JackPeer>("ear");
        hears_a_note(*ear, after_kill, since);
    }
    for (int i = 0; i < hung; ++i) {
        server.halt();
        std::this_thread::sleep_for(2s);
        server.go_on();
        hears_a_note(*ear, after_hang, Clock::now());
    }
    after_kill.print("killed");
    after_hang.print("hung");
    fmt::print(
        "/sync meanwhile: {} answers, the slowest {:.1f} ms (50), {} slower than that; {} "
        "without an answer\n",
        asker.answered(), asker.worst_ms(), asker.over_50_ms(), asker.unanswered());
    const bool lives = daemon.runs();
    ear.reset();
    const auto end = daemon.terminate();
    const bool good = lives && end.ended && end.status == 0 && asker.unanswered() == 0 &&
                      after_kill.never == 0 && after_hang.never == 0;
    if (!good)
        fmt::print("alive {}, ended {} with {}; its log:\n{}", lives, end.ended, end.status,
                   daemon.log());
    return good ? 0 : 1;
}

}  // namespace
}  // namespace fusion::faults

int main(int argc, char** argv) {
    const auto beside = std::filesystem::path{argv[0]}.parent_path() / "fusiond";
    const auto program = argc > 1 ? std::string{argv[1]} : beside.string();
    return fusion::faults::run(program, argc > 2 ? std::stoi(argv[2]) : 50,
                               argc > 3 ? std::stoi(argv[3]) : 10);
}

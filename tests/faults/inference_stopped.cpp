// `./dev faults inference_stopped [FUSIOND [SECONDS [BPM…]]]`: the one thread that composes is
// stopped by a tracer, as a debugger or a page that does not come back would stop it. What is heard
// meanwhile is read in the recording; a scene is saved in that state and looked for in the state
// file; then the daemon is told to end.
#include <sys/ptrace.h>

#include <map>

#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"
#include "tests/faults/daemon_at_work.hpp"

namespace fusion::faults {
namespace {

constexpr std::uint16_t kPort = 19'741;
constexpr auto kWatchdog = 4s;

struct Heard {
    int notes = 0, stuck = 0, doubled = 0;
    double longest_gap = 0.0;  // beats in which nothing sounded, from the first note to the last
    double length = 0.0;       // beats, of all
};

Heard listen(const fs::path& recording) {
    Heard heard;
    const auto bytes = read_file(recording, kMaxSmfBytes);
    if (!bytes) return heard;
    const auto smf = read_smf(*bytes, "recording");
    if (!smf) return heard;
    std::map<unsigned, int> sounding;
    int sound = 0;
    std::optional<SmfTime> silent_since;
    for (const auto& [at, message] : smf->tracks.front().messages) {
        if (!message.is_note_on() && !message.is_note_off()) continue;
        auto& count = sounding[message.channel().count() * 128U + message.pitch().count()];
        heard.length = static_cast<double>(at) / 960.0;
        if (message.is_note_on()) {
            ++heard.notes;
            if (count++ > 0) ++heard.doubled;
            if (sound++ == 0 && silent_since)
                heard.longest_gap =
                    std::max(heard.longest_gap, static_cast<double>(at - *silent_since) / 960.0);
        } else if (count > 0) {
            --count;
            if (--sound == 0) silent_since = at;
        }
    }
    for (const auto& [key, count] : sounding) heard.stuck += count != 0 ? 1 : 0;
    return heard;
}

bool stop_thread(pid_t thread) {
    if (::ptrace(PTRACE_SEIZE, thread, nullptr, nullptr) != 0) return false;
    if (::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr) != 0) return false;
    int status = 0;
    return ::waitpid(thread, &status, __WALL) == thread && WIFSTOPPED(status);
}

bool try_at(const std::string& program, int bpm, std::chrono::seconds stopped) {
    DaemonAtWork daemon{{.program = program,
                         .port = kPort,
                         .config = fmt::format("[midi]\ninput = \"off\"\n"
                                               "[clock]\npriority = 0\nlock_memory = false\n"
                                               "[parameters]\ntempo = {}\nlongest_rest = 0.5\n",
                                               bpm),
                         .words = {"--output", "file", "--file", "RECORDING"},
                         .watchdog = kWatchdog}};
    if (!daemon.until_ready()) {
        fmt::print("fusiond does not play:\n{}", daemon.log());
        return false;
    }
    std::this_thread::sleep_for(6s);
    const auto thread = daemon.thread("fusion-infer");
    if (thread == 0 || !stop_thread(thread)) {
        fmt::print("the thread that composes cannot be stopped (ptrace): skipped\n");
        return true;
    }
    daemon.traces(thread);
    const auto begun = Clock::now();
    std::this_thread::sleep_for(kWatchdog);
    const auto pings_then = daemon.pings();
    std::this_thread::sleep_until(begun + std::max<Clock::duration>(stopped, kWatchdog + 1s));
    const auto pings_after = daemon.pings() - pings_then;
    auto client = OscClient::open("127.0.0.1", kPort);
    const bool answered =
        client &&
        client->ask({OscMessage{"/fusiond/scene/save", {std::string{"last"}}}}, 2000ms).has_value();
    const auto end = daemon.terminate();
    const bool saved = DaemonAtWork::text_of(daemon.state()).find("last") != std::string::npos;
    const auto heard = listen(daemon.recording());
    fmt::print(
        "{} BPM, stopped for {:.0f} s: {} notes in {:.0f} beats; longest gap {:.2f} beats (at most "
        "1); stuck {}, doubled {}; pings after {} s: {} (0); OSC {}; SIGTERM: {} within {:.2f} s "
        "(3); state {}\n",
        bpm, std::chrono::duration<double>(stopped).count(), heard.notes, heard.length,
        heard.longest_gap, heard.stuck, heard.doubled,
        std::chrono::duration_cast<std::chrono::seconds>(kWatchdog).count(), pings_after,
        answered ? "answers" : "is silent", end.ended ? "ended" : "has not ended", end.seconds,
        saved ? "saved" : "lost");
    const bool played_on = heard.length > 0.8 * bpm / 60.0 * static_cast<double>(stopped.count());
    const bool good = heard.longest_gap <= 1.0 && heard.stuck == 0 && heard.doubled == 0 &&
                      pings_after == 0 && answered && end.ended && saved && played_on;
    if (!good) fmt::print("its log:\n{}", daemon.log());
    return good;
}

}  // namespace
}  // namespace fusion::faults

int main(int argc, char** argv) {
    const std::vector<std::string> words{argv + 1, argv + argc};
    const auto beside = std::filesystem::path{argv[0]}.parent_path() / "fusiond";
    const auto program = words.empty() ? beside.string() : words[0];
    const auto seconds = std::chrono::seconds{words.size() > 1 ? std::stoi(words[1]) : 20};
    std::vector<int> tempi;
    for (std::size_t i = 2; i < words.size(); ++i) tempi.push_back(std::stoi(words[i]));
    if (tempi.empty()) tempi = {120, 400};
    bool good = true;
    for (const auto bpm : tempi) good = fusion::faults::try_at(program, bpm, seconds) && good;
    return good ? 0 : 1;
}

// `./dev faults reloads [FUSIOND [TIMES]]`: a daemon at 400 BPM is told to reload a hundred times,
// half of them by SIGHUP, and finds every second time something that it must refuse: a
// configuration or a bundle that is short, foreign or of other genres. What it plays meanwhile is
// read in its recording.
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include <fmt/format.h>

#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"
#include "osc/ctl/client.hpp"
#include "osc/ctl/words.hpp"
#include "tests/daemon/synthetic_bundle.hpp"
#include "tests/faults/child_daemon.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint16_t kPort = 19'713;

class Stage {
public:
    explicit Stage(fs::path program) : program_{std::move(program)} {
        fs::create_directories(folder_);
        save(test::synthetic_bundle(), "good-0.bundle");
        save(test::synthetic_bundle(12), "good-1.bundle");
        auto polka = test::synthetic_bundle();
        polka.genres[2] = "polka";
        save(polka, "polka.bundle");
        fs::copy_file(folder_ / "good-0.bundle", folder_ / "short.bundle");
        fs::resize_file(folder_ / "short.bundle", 500);
        std::ofstream{folder_ / "foreign.bundle"} << "no bundle at all";
        good(0);
    }
    ~Stage() { fs::remove_all(folder_); }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    bool start() {
        const auto config = (folder_ / "room.toml").string(), file = (folder_ / "all.mid").string();
        const auto port = std::to_string(kPort);
        return child_.start({program_.string(), "--config", config, "--output", "file", "--file",
                             file, "--plain", "--osc-port", port, "--oscquery-port", "0", "--state",
                             "off"});
    }

    // What the next reload finds. Each is written whole and renamed, as an editor does.
    void good(int which) {
        configure(fmt::format("good-{}.bundle", which % 2),
                  fmt::format("velocity = {}", 60 + which % 60));
    }
    void bad(int which) {
        switch (which % 5) {
            case 0: return configure("short.bundle", "");
            case 1: return configure("foreign.bundle", "");
            case 2: return configure("polka.bundle", "");
            case 3: return configure("not-there.bundle", "");
            default: return configure("good-0.bundle", "tempo = \"soon\"");
        }
    }
    [[nodiscard]] faults::ChildDaemon& child() { return child_; }
    [[nodiscard]] fs::path recording() const { return folder_ / "all.mid"; }

private:
    void save(const Bundle& bundle, const std::string& name) const {
        if (!save_bundle(bundle, folder_ / name, TensorPrecision::f32)) std::abort();
    }
    void configure(const std::string& bundle, const std::string& line) const {
        const auto text = fmt::format(
            "[bundle]\npath = \"{}\"\n[clock]\npriority = 0\nlock_memory = false\n[parameters]\n"
            "{}{}\nlongest_rest = 1\n",
            (folder_ / bundle).string(), line.starts_with("tempo") ? "" : "tempo = 400\n", line);
        if (!write_file(folder_ / "room.toml", text)) std::abort();
    }

    fs::path program_;
    fs::path folder_ = fs::temp_directory_path() / fmt::format("fusion-reloads-{}", ::getpid());
    faults::ChildDaemon child_{folder_ / "log"};
};

struct Heard {
    std::uint64_t notes = 0, stuck = 0, doubled = 0, of_each[2] = {0, 0};
    double longest_gap = 0.0;  // in beats, between two beginnings
};

Heard listen(const fs::path& recording) {
    Heard heard;
    const auto bytes = read_file(recording, kMaxSmfBytes);
    const auto smf = bytes ? read_smf(*bytes, "recording") : Result<Smf>{fail(Error::Code::io, "")};
    if (!smf || !smf->mends.empty()) return heard;
    std::map<unsigned, int> sounding;
    std::optional<SmfTime> last;
    for (const auto& [at, message] : smf->tracks.front().messages) {
        if (!message.is_note_on() && !message.is_note_off()) continue;
        auto& count = sounding[message.channel().count() * 128U + message.pitch().count()];
        if (message.is_note_on()) {
            ++heard.notes;
            ++heard.of_each[message.pitch().count() >= 84 ? 1 : 0];
            if (count++ > 0) ++heard.doubled;
            if (last)
                heard.longest_gap =
                    std::max(heard.longest_gap, static_cast<double>(at - *last) / 960.0);
            last = at;
        } else {
            --count;
        }
    }
    for (const auto& [key, count] : sounding)
        if (count != 0) ++heard.stuck;
    return heard;
}

class Asker {
public:
    explicit Asker(OscClient& daemon) : daemon_{daemon} {}

    // number, state; {-1, ""} where nobody answers.
    std::pair<double, std::string> ask(bool begin) {
        OscMessage question{"/fusiond/reload", {}};
        if (!begin) question.args.emplace_back(0);
        const auto answers = daemon_.ask({question}, 2000ms);
        if (answers)
            for (const auto& one : *answers)
                if (one.path == "/fusiond/reload.reply" && one.args.size() == 3)
                    return {osc_number(one.args[0]).value_or(-1.0), ctl::text_of(one.args[1])};
        return {-1.0, ""};
    }
    // Until the reload with that number, or a later one, is over.
    std::string outcome_of(double number) {
        const auto until = Clock::now() + 30s;
        while (Clock::now() < until) {
            const auto [which, state] = ask(false);
            if (which >= number && state != "begun") return state;
            std::this_thread::sleep_for(5ms);
        }
        return "nothing";
    }

private:
    OscClient& daemon_;
};

int run(const fs::path& program, int times) {
    Stage stage{program};
    if (!stage.start()) return 2;
    auto daemon = OscClient::open("127.0.0.1", kPort);
    if (!daemon) return 2;
    Asker asker{*daemon};
    const auto until = Clock::now() + 30s;
    while (asker.ask(false).first < 0.0 && Clock::now() < until) std::this_thread::sleep_for(50ms);
    std::this_thread::sleep_for(1s);

    int wrong = 0;
    for (int i = 0; i < times; ++i) {
        const bool is_bad = i % 2 == 1;
        is_bad ? stage.bad(i / 2) : stage.good(i / 2 + 1);
        const auto before = asker.ask(false).first;
        if (i % 4 < 2)
            stage.child().send(SIGHUP);
        else
            asker.ask(true);
        const auto state = asker.outcome_of(before + 1.0);
        if (state != (is_bad ? "refused" : "done")) {
            fmt::print("reload {}: {}\n", i, state);
            ++wrong;
        }
        std::this_thread::sleep_for(150ms);
    }
    const bool lived = stage.child().lives();
    const auto end = stage.child().end_by(SIGTERM);
    const auto heard = listen(stage.recording());
    fmt::print(
        "{} reloads, {} of them bad: {} other than expected (0); the same process {}; notes {}, of "
        "the first bundle {} and of the second {}; stuck {}, doubled {} (0); longest gap {:.2f} "
        "beats (at most 2); ended by SIGTERM in {:.1f} s with {}\n",
        times, times / 2, wrong, lived ? "yes" : "NO", heard.notes, heard.of_each[0],
        heard.of_each[1], heard.stuck, heard.doubled, heard.longest_gap, end.seconds, end.status);
    const bool good = wrong == 0 && lived && end.status == 0 && heard.stuck == 0 &&
                      heard.doubled == 0 && heard.longest_gap <= 2.0 && heard.of_each[0] > 0 &&
                      heard.of_each[1] > 0;
    if (!good) fmt::print("{}\n", stage.child().words());
    return good ? 0 : 1;
}

}  // namespace
}  // namespace fusion

int main(int argc, char** argv) {
    return fusion::run(fusion::faults::fusiond_program(argc, argv),
                       argc > 2 ? std::atoi(argv[2]) : 100);
}

// `./dev faults hardships [FUSIOND [SECONDS [PRELOAD]]]`: one daemon lives through what museums do
// to machines, one thing after the other: its wall clock jumps by an hour, back, and to 1970; it is
// stopped for SECONDS (SIGSTOP); it is out of descriptors; its disk is full; its state is
// read-only. Whether the music goes on is heard at an OSC client, what is told is counted in the
// log.
//
// With less than ten seconds each of it is short, and a disk that is full, which has a test of its
// own, is left out.
//
// The wall clock is moved by a library of our own, preloaded (wall_clock.cpp); descriptors are
// taken by RLIMIT_NOFILE; the disk is a tmpfs in a mount namespace of this program. What this
// machine does not let us do is skipped, and said.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <functional>
#include <mutex>
#include <regex>
#include <set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"
#include "tests/daemon/synthetic_bundle.hpp"
#include "tests/faults/daemon_at_work.hpp"
#include "tests/faults/small_disk.hpp"

namespace fusion::faults {
namespace {

constexpr std::uint16_t kPort = 19'751;
constexpr double kBpm = 120.0;
constexpr double kMostBeats = 4.0;  // between two notes that are heard

// Listens to the notes, on a thread of its own.
class Ear {
public:
    Ear() : thread_{[this] { listen(); }} {}
    ~Ear() {
        stopping_ = true;
        thread_.join();
    }
    Ear(const Ear&) = delete;
    Ear& operator=(const Ear&) = delete;

    [[nodiscard]] std::vector<Clock::time_point> heard_since(Clock::time_point then) {
        const std::lock_guard lock{mutex_};
        return {std::lower_bound(heard_.begin(), heard_.end(), then), heard_.end()};
    }
    // From `then` until now, in beats.
    [[nodiscard]] double longest_gap(Clock::time_point then) {
        auto before = then;
        double longest = 0.0;
        auto heard = heard_since(then);
        heard.push_back(Clock::now());
        for (const auto when : heard) {
            longest = std::max(longest, std::chrono::duration<double>(when - before).count());
            before = when;
        }
        return longest * kBpm / 60.0;
    }

private:
    void listen() {
        auto client = OscClient::open("127.0.0.1", kPort);
        const OscMessage subscribe{"/fusiond/subscribe", {3600, std::string{"note"}}};
        if (!client || !client->ask({subscribe}, 5000ms)) return;
        while (!stopping_) {
            const auto message = client->receive(Clock::now() + 100ms);
            if (!message || !*message || (*message)->path != "/fusiond/note") continue;
            const std::lock_guard lock{mutex_};
            heard_.push_back(Clock::now());
        }
    }

    std::mutex mutex_;
    std::vector<Clock::time_point> heard_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

// What the daemon believes that the wall clock says, beside what it does.
class WallClock {
public:
    explicit WallClock(fs::path file) : file_{std::move(file)} { set(0s); }
    ~WallClock() { fs::remove(file_); }
    WallClock(const WallClock&) = delete;
    WallClock& operator=(const WallClock&) = delete;

    void set(std::chrono::nanoseconds off) const {
        const auto count = off.count();
        const int file = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (::pwrite(file, &count, sizeof count, 0) != sizeof count) std::abort();
        ::close(file);
    }
    [[nodiscard]] const fs::path& file() const { return file_; }

private:
    fs::path file_;
};

class Life {
public:
    Life(DaemonAtWork& daemon, const SmallDisk& disk, std::uint16_t web_port)
        : daemon_{daemon}, disk_{disk}, web_port_{web_port} {
        auto client = OscClient::open("127.0.0.1", kPort);
        if (client) client_.emplace(std::move(*client));
    }

    // `trouble` lasts for `span`; afterwards `right` is waited for. `names`: of the lines of the
    // log that are about it, of which there is one, or none where nothing is told of it.
    struct Trouble {
        std::string name;
        std::function<bool()> begin;
        Clock::duration span;
        std::function<void()> end;
        std::function<bool()> right = [] { return true; };
        std::string told{};   // a pattern
        bool stands = false;  // nothing is heard while it lasts
    };
    void live_through(const Trouble& trouble) {
        const auto log_before = daemon_.log().size();
        auto begun = Clock::now();
        if (!trouble.begin()) {
            fmt::print("  {:<28} skipped: this machine does not let us\n", trouble.name);
            return;
        }
        std::this_thread::sleep_for(trouble.span);
        const double gap_in_it = trouble.stands ? 0.0 : ear_.longest_gap(begun);
        const bool answered = trouble.stands || answers();
        trouble.end();
        begun = Clock::now();
        bool is_right = false;
        while (!(is_right = trouble.right()) && seconds_since(begun) < 30.0)
            std::this_thread::sleep_for(50ms);
        std::this_thread::sleep_for(1s);
        const auto gap = std::max(gap_in_it, ear_.longest_gap(begun));
        const auto after = ear_.heard_since(begun);
        // What was missed is not played all at once: in a beat no more than two beats hold.
        const auto burst = std::count_if(after.begin(), after.end(), [&](const auto when) {
            return when - begun < std::chrono::duration<double>(60.0 / kBpm);
        });
        const auto [lines, told] = lines_since(log_before, trouble.told);
        const bool told_right = trouble.told.empty() ? lines <= 3 : told == 1 && lines <= 6;
        const bool good = gap <= kMostBeats && burst <= 16 && answered && is_right && told_right &&
                          answers() && daemon_.runs();
        fmt::print(
            "  {:<28} longest gap {:.2f} beats ({:.0f}), notes in the first beat after it {} (16); "
            "OSC {}; {} lines of log{}; {}\n",
            trouble.name, gap, kMostBeats, burst, answered ? "answers" : "IS SILENT", lines,
            trouble.told.empty() ? std::string{} : fmt::format(", told {} times (1)", told),
            is_right ? "right again" : "NOT RIGHT AGAIN");
        if (!good) fmt::print("{}", daemon_.log().substr(log_before));
        good_ = good_ && good;
    }

    bool say(const OscMessage& message) { return client_ && client_->ask({message}, 2000ms); }
    bool answers() { return client_ && client_->ask({}, 2000ms).has_value(); }
    // A page of it is served.
    [[nodiscard]] bool serves() const {
        boost::asio::io_context io;
        boost::asio::ip::tcp::socket socket{io};
        boost::system::error_code error;
        socket.connect({boost::asio::ip::make_address("127.0.0.1"), web_port_}, error);
        if (error) return false;
        const std::string ask = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
        const timeval patience{1, 0};
        ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        char first = 0;
        return ::send(socket.native_handle(), ask.data(), ask.size(), MSG_NOSIGNAL) > 0 &&
               ::recv(socket.native_handle(), &first, 1, 0) == 1;
    }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] const SmallDisk& disk() const { return disk_; }

private:
    // Of the log: how many lines in all, and how many that match.
    [[nodiscard]] std::pair<int, int> lines_since(std::size_t place, const std::string& pattern) {
        std::istringstream in{daemon_.log().substr(place)};
        std::pair<int, int> found{0, 0};
        const std::regex wanted{pattern};
        for (std::string line; std::getline(in, line);) {
            ++found.first;
            if (!pattern.empty() && std::regex_search(line, wanted)) ++found.second;
        }
        return found;
    }

    DaemonAtWork& daemon_;
    const SmallDisk& disk_;
    std::uint16_t web_port_;
    std::optional<OscClient> client_;
    Ear ear_;
    bool good_ = true;
};

// What the lowest number is that a new descriptor of that process would have.
rlim_t lowest_free_descriptor(pid_t process) {
    std::set<int> taken;
    for (const auto& one : fs::directory_iterator{fmt::format("/proc/{}/fd", process)})
        taken.insert(std::stoi(one.path().filename().string()));
    int lowest = 0;
    while (taken.contains(lowest)) ++lowest;
    return static_cast<rlim_t>(lowest);
}

std::uint16_t web_port_in(const std::string& log) {
    const std::regex panel{"panel: http://[^:]*:([0-9]+)"};
    std::smatch found;
    return std::regex_search(log, found, panel)
               ? static_cast<std::uint16_t>(std::stoi(found[1].str()))
               : std::uint16_t{0};
}

std::uint64_t notes_recorded(const fs::path& folder) {
    std::uint64_t notes = 0;
    for (const auto& one : fs::directory_iterator{folder}) {
        if (one.path().extension() != ".mid") continue;
        const auto bytes = read_file(one.path(), kMaxSmfBytes);
        const auto smf = bytes ? read_smf(*bytes, "") : Result<Smf>{fail(Error::Code::io, "")};
        if (!smf) continue;
        for (const auto& [at, message] : smf->tracks.front().messages)
            if (message.is_note_on()) ++notes;
    }
    return notes;
}

void live(Life& life, DaemonAtWork& daemon, const WallClock& wall, bool has_clock,
          std::chrono::seconds stopped) {
    const auto long_form = stopped >= 10s;
    const auto jump = [&](const char* name, std::chrono::nanoseconds off) {
        life.live_through({name,
                           [&wall, has_clock, off] {
                               wall.set(off);
                               return has_clock;
                           },
                           long_form ? 5s : 1s, [] {}});
    };
    jump("wall clock, an hour on", 1h);
    jump("wall clock, an hour back", -1h);
    jump("wall clock, 1970", -std::chrono::system_clock::now().time_since_epoch());
    jump("wall clock, right again", 0ns);

    life.live_through({fmt::format("stopped for {} s", stopped.count()),
                       [&] { return ::kill(daemon.pid(), SIGSTOP) == 0; },
                       stopped,
                       [&] { ::kill(daemon.pid(), SIGCONT); },
                       [] { return true; },
                       {},
                       true});

    rlimit before{};
    ::prlimit(daemon.pid(), RLIMIT_NOFILE, nullptr, &before);
    std::vector<std::thread> askers;
    life.live_through(
        {"out of descriptors",
         [&] {
             rlimit few = before;
             few.rlim_cur = lowest_free_descriptor(daemon.pid());
             if (::prlimit(daemon.pid(), RLIMIT_NOFILE, &few, nullptr) != 0) return false;
             // What wants a new one: pages, the state, the next recording, a reload.
             for (int i = 0; i < 4; ++i)
                 askers.emplace_back([&life] { static_cast<void>(life.serves()); });
             life.say({"/fusiond/scene/save", {std::string{"poor"}}});
             life.say({"/fusiond/record", {std::string{"export"}}});
             life.say({"/fusiond/reload", {1}});
             return true;
         },
         long_form ? 20s : 4s, [&] { ::prlimit(daemon.pid(), RLIMIT_NOFILE, &before, nullptr); },
         [&] {
             return life.serves() &&
                    DaemonAtWork::text_of(daemon.state()).find("poor") != std::string::npos;
         },
         "cannot save the state"});
    for (auto& asker : askers) asker.join();

    const auto& disk = life.disk();
    std::uint64_t recorded = 0;
    if (long_form)
        life.live_through({"disk full",
                           [&] {
                               if (!disk.is_there()) return false;
                               disk.fill();
                               return true;
                           },
                           30s,
                           [&] {
                               recorded = notes_recorded(disk.folder());
                               disk.clear();
                           },
                           [&] { return notes_recorded(disk.folder()) > recorded + 10; },
                           "the music goes on and writing is tried again"});

    life.live_through({"state read-only",
                       [&] {
                           if (!disk.is_there() || !disk.let(SmallDisk::Writes::no)) return false;
                           life.say({"/fusiond/scene/save", {std::string{"one"}}});
                           life.say({"/fusiond/scene/save", {std::string{"two"}}});
                           return true;
                       },
                       long_form ? 20s : 4s,
                       [&] {
                           disk.let(SmallDisk::Writes::yes);
                           life.say({"/fusiond/scene/save", {std::string{"three"}}});
                       },
                       [&] {
                           const auto saved = DaemonAtWork::text_of(daemon.state());
                           return saved.find("two") != std::string::npos &&
                                  saved.find("three") != std::string::npos;
                       },
                       "cannot save the state"});
}

int run(const std::string& program, std::chrono::seconds stopped, const fs::path& preload) {
    const auto why = SmallDisk::make_room();
    if (!why.empty()) fmt::print("no small disk here: {}\n", why);
    const auto base = fs::temp_directory_path() / fmt::format("fusion-hardships-{}", ::getpid());
    const SmallDisk disk{base, 256};
    const WallClock wall{base.string() + ".clock"};
    const fs::path bundle = base.string() + ".bundle";
    if (!save_bundle(test::synthetic_bundle(), bundle, TensorPrecision::f32)) return 2;
    const bool has_clock = fs::exists(preload);
    std::vector<std::pair<std::string, std::string>> environment;
    if (has_clock)
        environment = {{"LD_PRELOAD", preload.string()},
                       {"FUSION_WALL_CLOCK", wall.file().string()}};
    int result = 1;
    {
        DaemonAtWork daemon{
            {.program = program,
             .port = kPort,
             .config = fmt::format("[midi]\ninput = \"off\"\n[bundle]\npath = \"{}\"\n"
                                   "[clock]\npriority = 0\nlock_memory = false\n"
                                   "[parameters]\ntempo = {}\nlongest_rest = 0.5\n",
                                   bundle.string(), kBpm),
             .words = {"--output", "file", "--file", (disk.folder() / "all.mid").string()},
             .state = disk.folder() / "state.toml",
             .environment = environment}};
        if (!daemon.until_ready()) {
            fmt::print("fusiond does not play:\n{}", daemon.log());
            return 1;
        }
        Life life{daemon, disk, web_port_in(daemon.log())};
        std::this_thread::sleep_for(2s);
        live(life, daemon, wall, has_clock, stopped);
        const auto pings = daemon.pings();
        const auto end = daemon.terminate();
        const bool good = life.good() && pings > 0 && end.ended && end.status == 0;
        fmt::print("hardships: {}; ended by SIGTERM in {:.2f} s with {}\n",
                   life.good() ? "the music went on" : "NOT AS IT SHOULD BE", end.seconds,
                   end.status);
        if (!good) fmt::print("its log:\n{}", daemon.log());
        result = good ? 0 : 1;
    }
    std::error_code ignored;
    fs::remove(bundle, ignored);
    return result;
}

}  // namespace
}  // namespace fusion::faults

int main(int argc, char** argv) {
    const auto beside = std::filesystem::path{argv[0]}.parent_path();
    const std::string program = argc > 1 ? argv[1] : (beside / "fusiond").string();
    const auto seconds = std::chrono::seconds{argc > 2 ? std::atoi(argv[2]) : 10};
    const std::filesystem::path preload =
        argc > 3 ? argv[3] : (beside / "libfaults_wall_clock.so").string();
    return fusion::faults::run(program, seconds, preload);
}

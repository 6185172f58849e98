// Configuration and bundle read anew while it plays (SIGHUP, /fusiond/reload): a thread of its own
// reads, loads and warms up, control then puts it in place. What is wrong with it is told, to the
// log and to who asked, and what plays goes on as it is.
// Thread: control. Errors: as an outcome.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "config/config.hpp"
#include "daemon/exchange_generator.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/generators.hpp"
#include "osc/namespace.hpp"

namespace fusion {

// The composers that play, as a reload exchanges them.
struct Composers {
    ExchangeGenerator* neural = nullptr;  // null: this run began without networks
    ExchangeGenerator* fallback = nullptr;
    ExchangeGenerator* stand_in = nullptr;
};

// Which file a bundle was, so that one that is still the same is not loaded again.
struct BundleMark {
    std::filesystem::path place;
    std::uint64_t size = 0;
    std::uint64_t inode = 0;
    std::int64_t changed_ns = 0;
    friend bool operator==(const BundleMark&, const BundleMark&) = default;
};
[[nodiscard]] BundleMark mark_of(const Config& config);

class Reload {
public:
    using ReadConfig = std::function<Started<Config>()>;
    // Puts a good one in place, and says what became of it. `bundle`: null where it is the same;
    // one that was in place is there for kReadYet afterwards.
    using Obey = std::function<std::string(const Config& fresh, const Bundle* bundle)>;
    static constexpr std::chrono::seconds kReadYet{10};

    struct Outcome {
        enum class State : std::uint8_t { none, begun, done, refused };
        std::uint32_t number = 0;  // counts them
        State state = State::none;
        std::string what;
    };

    // `now`: what plays. References in `composers` outlive it; `read` is called on another thread.
    Reload(const Config& now, std::vector<std::string> genres, Composers composers, ReadConfig read,
           Obey obey);
    ~Reload();
    Reload(const Reload&) = delete;
    Reload& operator=(const Reload&) = delete;

    // One at a time: what is asked for meanwhile is done afterwards.
    void begin();
    // At each turn: what the other thread has read is put in place. True: it is still at it.
    bool turn();
    [[nodiscard]] const Outcome& last() const { return last_; }
    // Of the bundle that plays since; none: the first.
    [[nodiscard]] std::optional<std::string> bundle_record() const;

    // /fusiond/reload [0] -> /fusiond/reload.reply i number, s none|begun|done|refused, s what.
    void add_verb(OscNamespace& names);

private:
    struct Loaded {
        Bundle bundle;
        Generators generators;
    };
    struct Read {
        Config config;
        BundleMark mark;
        std::shared_ptr<Loaded> loaded;  // null: the bundle is the same
    };
    [[nodiscard]] Result<Read> read_all() const;
    [[nodiscard]] Status fits(const Loaded& loaded) const;
    void put_in_place(Result<Read> read);

    std::vector<std::string> genres_;
    Composers composers_;
    ReadConfig read_;
    Obey obey_;
    BundleMark mark_;
    DeviceKind device_;
    std::shared_ptr<Loaded> loaded_;
    struct Retired {
        std::shared_ptr<Loaded> loaded;
        std::chrono::steady_clock::time_point since;
    };
    std::vector<Retired> retired_;  // who plans the chords may read them yet
    Outcome last_;
    bool again_ = false;

    std::mutex mutex_;
    std::optional<Result<Read>> arrived_;  // by the mutex
    std::thread thread_;
};

}  // namespace fusion

// What an installation that is left alone has beside the music: what it is told to read anew, and
// what it does by the time of day. Both take the configuration as it holds now, and change it.
// Thread: control. Errors: told in the log, and to who asked.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "daemon/day_desk.hpp"
#include "daemon/hands/hands.hpp"
#include "daemon/hands/harmony_desk.hpp"
#include "daemon/reload.hpp"

namespace fusion {

class Upkeep {
public:
    struct Links {
        Config& config;
        ParamStore& params;
        Hands& hands;
        HarmonyDesk& harmony;
        OscNamespace& names;
        // Another bundle plays from here on: its file.
        std::function<void(const std::filesystem::path&)> on_bundle{};
    };

    // Before the first note. All outlive it; `read` is called on another thread.
    Upkeep(const Links& links, Composers composers, Reload::ReadConfig read, TimePoint now);

    void reload() { reload_.begin(); }
    // True: there is more, soon.
    bool turn() { return reload_.turn(); }
    // Each second.
    void look_after(TimePoint now) { day_.turn(now); }

    // Of the bundle that was read anew; none: the first still plays.
    [[nodiscard]] std::optional<std::string> bundle_record() const {
        return reload_.bundle_record();
    }

private:
    [[nodiscard]] std::string obey(const Config& fresh, const Bundle* bundle);

    Links links_;
    Reload reload_;
    DayDesk day_;
};

}  // namespace fusion

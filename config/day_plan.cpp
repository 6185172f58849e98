#include "config/day_plan.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/nearest.hpp"
#include "engine/base/toml_library.hpp"
#include "engine/params/names.hpp"

namespace fusion {
namespace {

constexpr int kDays = 7;
constexpr int kMinutesAWeek = kDays * kMinutesADay;
const std::vector<std::string> kDayNames{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
const std::vector<std::string> kKeys{"at", "days", "scene", "beats", "quiet"};

bool on(Weekdays days, int day) { return (days >> static_cast<unsigned>(day) & 1U) != 0; }

std::optional<int> number_in(std::string_view text, int most) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return {};
    if (number < 0 || number > most) return {};
    return number;
}

// "9:05", "09:05"; 24:00 is the end of a day.
std::optional<int> minute_in(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || text.size() - colon != 3) return {};
    const auto hour = number_in(text.substr(0, colon), 24);
    const auto minute = number_in(text.substr(colon + 1), 59);
    if (!hour || !minute || (*hour == 24 && *minute > 0)) return {};
    return *hour * 60 + *minute;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// "mon-fri", "sat,sun", "fri-mon".
std::optional<Weekdays> days_in(std::string_view text) {
    unsigned days = 0;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const auto part = trimmed(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
        const auto dash = part.find('-');
        const auto first = place_of_name(kDayNames, trimmed(part.substr(0, dash)));
        const auto last = dash == std::string_view::npos
                              ? first
                              : place_of_name(kDayNames, trimmed(part.substr(dash + 1)));
        if (!first || !last) return {};
        for (auto day = *first;; day = (day + 1) % kDays) {
            days |= 1U << day;
            if (day == *last) break;
        }
    }
    if (days == 0) return {};
    return static_cast<Weekdays>(days);
}

class EntryReader {
public:
    EntryReader(std::string_view name, DayPlan& plan) : name_{name}, plan_{plan} {}

    void read(const toml::table& table) {
        const auto before = complaints_.size();
        std::optional<std::string> at, scene, quiet, days;
        double beats = 0.0;
        for (const auto& [key, node] : table) {
            const auto place = place_of_name(kKeys, key.str());
            if (!place) {
                complain(key.source(),
                         fmt::format("schedule: unknown key '{}'{}; there are: {}", key.str(),
                                     did_you_mean(key.str(), kKeys), fmt::join(kKeys, ", ")));
            } else if (kKeys[*place] == "beats") {
                const auto value = node.is_boolean() ? std::nullopt : node.value<double>();
                if (!value || !(*value >= 0.0 && *value <= 1024.0))
                    complain(node.source(), "schedule.beats must be a number from 0 to 1024");
                else
                    beats = *value;
            } else if (const auto* text = node.as_string()) {
                const auto& word = kKeys[*place];
                (word == "at"      ? at
                 : word == "scene" ? scene
                 : word == "quiet" ? quiet
                                   : days) = text->get();
            } else {
                complain(node.source(),
                         fmt::format("schedule.{} must be text in quotes", kKeys[*place]));
            }
        }
        if (complaints_.size() > before) return;
        auto on_days = kEachDay;
        if (days) {
            const auto said = days_in(*days);
            if (!said)
                return complain(
                    table.source(),
                    fmt::format("schedule.days '{}': write days as mon-fri, or sat,sun", *days));
            on_days = *said;
        }
        if (quiet && !at && !scene) return add_quiet(table, *quiet, on_days);
        if (!at || !scene || scene->empty() || quiet)
            return complain(table.source(),
                            "schedule: it wants at and scene, as in at = \"09:00\" and scene = "
                            "\"morning\", or quiet = \"22:00-08:00\"");
        const auto minute = minute_in(*at);
        if (!minute || *minute == kMinutesADay)
            return complain(table.source(),
                            fmt::format("schedule.at '{}': write a time as 09:00", *at));
        plan_.scenes.push_back({*minute, on_days, *scene, beats});
    }

    void complain(const toml::source_region& at, const std::string& what) {
        complaints_.push_back(
            fmt::format("{}:{}:{}: {}", name_, at.begin.line, at.begin.column, what));
    }
    [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

private:
    void add_quiet(const toml::table& table, std::string_view text, Weekdays days) {
        const auto dash = std::min(text.find('-'), text.size());
        const auto from = minute_in(trimmed(text.substr(0, dash)));
        const auto to = minute_in(trimmed(text.substr(std::min(dash + 1, text.size()))));
        if (!from || !to || *from == kMinutesADay)
            return complain(table.source(),
                            fmt::format("schedule.quiet '{}': write it as 22:00-08:00", text));
        plan_.quiet.push_back({*from, *to, days});
    }

    std::string_view name_;
    DayPlan& plan_;
    std::vector<std::string> complaints_;
};

}  // namespace

DayPlanNow in_force(const DayPlan& plan, WallTime now) {
    DayPlanNow result;
    int youngest = kMinutesAWeek + 1;
    for (std::size_t i = 0; i < plan.scenes.size(); ++i) {
        const auto& entry = plan.scenes[i];
        for (int back = 0; back <= kDays; ++back) {
            if (!on(entry.days, (now.weekday - back + kDays) % kDays)) continue;
            const int age = now.minute - entry.minute + back * kMinutesADay;
            // Of two at one moment the last holds.
            if (age < 0 || age > kMinutesAWeek || age > youngest) continue;
            youngest = age;
            result.scene = i;
        }
    }
    for (const auto& hours : plan.quiet) {
        const int length =
            hours.to > hours.from ? hours.to - hours.from : hours.to + kMinutesADay - hours.from;
        for (int back = 0; back <= 1; ++back) {
            const int age = now.minute - hours.from + back * kMinutesADay;
            if (on(hours.days, (now.weekday - back + kDays) % kDays) && age >= 0 && age < length)
                result.quiet = true;
        }
    }
    return result;
}

Result<DayPlan> parse_day_plan(std::string_view text, std::string_view name) {
    try {
        const auto document = toml::parse(text, name);
        DayPlan plan;
        const auto* node = document.get("schedule");
        if (node == nullptr) return plan;
        EntryReader reader{name, plan};
        const auto* entries = node->as_array();
        if (entries == nullptr || entries->size() > kMostScheduled)
            reader.complain(node->source(),
                            fmt::format("'schedule' must be a list: write [[schedule]] over each "
                                        "entry, {} at most",
                                        kMostScheduled));
        for (std::size_t i = 0;
             entries != nullptr && reader.complaints().empty() && i < entries->size(); ++i) {
            if (const auto* table = (*entries)[i].as_table())
                reader.read(*table);
            else
                reader.complain((*entries)[i].source(), "schedule: write [[schedule]] over it");
        }
        if (reader.complaints().empty()) return plan;
        return fail(Error::Code::malformed,
                    fmt::format("{}", fmt::join(reader.complaints(), "\n")));
    } catch (const toml::parse_error& error) {
        return fail(Error::Code::malformed, std::string{error.description()});
    }
}

}  // namespace fusion

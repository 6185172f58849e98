#include "osc/ctl/commands.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "config/nearest.hpp"
#include "engine/params/names.hpp"
#include "engine/params/table.hpp"
#include "engine/params/text_value.hpp"
#include "osc/ctl/words.hpp"
#include "osc/pattern.hpp"

namespace fusion::ctl {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const OscArg& arg) {
    if (const auto* text = std::get_if<std::string>(&arg)) return *text;
    if (const auto* on = std::get_if<bool>(&arg)) return *on;
    if (const auto* whole = std::get_if<std::int32_t>(&arg)) return *whole;
    // As short as the float is: 0.3, not 0.30000001192092896.
    if (std::holds_alternative<float>(arg)) return Json::parse(text_of(arg), nullptr, false);
    if (const auto number = osc_number(arg)) return *number;
    return nullptr;
}

Json json_of(const std::vector<OscArg>& args) {
    if (args.size() == 1) return json_of(args[0]);
    Json all = Json::array();
    for (const auto& arg : args) all.push_back(json_of(arg));
    return all;
}

// Text from elsewhere may be no UTF-8.
std::string written(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

// What /status.reply holds, in its order; the genres follow.
struct Field {
    const char* name;
    bool is_flag;
};
constexpr std::array<Field, kStatusFields> kStatus{{{"playing", true},
                                                    {"tempo", false},
                                                    {"rung", false},
                                                    {"lateness_p99_us", false},
                                                    {"underruns", false},
                                                    {"clock_realtime", true},
                                                    {"steps_ready", false},
                                                    {"steps_played", false},
                                                    {"steps_late", false},
                                                    {"memory_locked", true},
                                                    {"sync", false},
                                                    {"sync_state", false},
                                                    {"song_beats", false},
                                                    {"song_beat_share", false}}};

const std::string* text_at(const OscMessage& message, std::size_t place) {
    return place < message.args.size() ? std::get_if<std::string>(&message.args[place]) : nullptr;
}

constexpr std::array<const char*, 6> kHelp{"path", "arguments", "unit", "range", "default", "doc"};

// help.reply: path types unit range initial doc.
std::string line_of(const OscMessage& help) {
    const auto column = [&](std::size_t place) {
        const auto* text = text_at(help, place);
        return text == nullptr ? std::string{} : *text;
    };
    auto line = fmt::format("{:<28} {:<20}", tail_of(column(0)), column(1));
    std::string facts = column(3);
    if (!column(2).empty() && !facts.empty()) facts += fmt::format(" {}", column(2));
    if (!column(4).empty()) facts += fmt::format(" ({})", column(4));
    if (!facts.empty()) line += fmt::format(" {};", facts);
    return fmt::format("{} {}\n", line, column(5));
}

}  // namespace

Exit Commands::no_answer(const Error& error) {
    streams_.problems << "fusionctl: " << error.message << '\n';
    return Exit::no_answer;
}

Exit Commands::usage(const std::string& what) {
    streams_.problems << "fusionctl: " << what << '\n';
    return Exit::usage;
}

bool Commands::is_action(const std::string& path) {
    const auto tail = tail_of(path_of(path));
    if (find_action(tail) == nullptr) return false;
    usage(fmt::format("{} is an action: fusionctl do {}", tail, tail));
    return true;
}

std::optional<Commands::Answers> Commands::ask(Answers questions) {
    refusals_.clear();
    auto answers = daemon_.ask(std::move(questions), timeout_);
    if (!answers) {
        no_answer(answers.error());
        return {};
    }
    Answers kept;
    for (auto& answer : *answers) {
        if (answer.path != "/fail") {
            kept.push_back(std::move(answer));
            continue;
        }
        const auto* path = text_at(answer, 0);
        const auto* reason = text_at(answer, 1);
        const auto said = reason == nullptr ? std::string{"refused"} : *reason;
        // The value is set, to the nearest that may be: see namespace.hpp.
        const bool clamped = said.find("clamped to") != std::string::npos;
        const auto line =
            fmt::format("fusionctl: {}: {}", path == nullptr ? "" : tail_of(*path), said);
        if (!clamped) refusals_.push_back(line);
        streams_.problems << line << '\n';
    }
    return kept;
}

void Commands::print_line(const OscMessage& message) {
    streams_.out << tail_of(message.path);
    if (!message.args.empty()) streams_.out << ' ' << text_of(message.args);
    streams_.out << '\n';
}

Exit Commands::get(const std::vector<std::string>& paths) {
    Answers questions;
    for (const auto& path : paths) {
        if (is_action(path)) return Exit::usage;
        questions.push_back({path_of(path), {}});
    }
    const auto answers = ask(std::move(questions));
    if (!answers) return Exit::no_answer;
    if (form_ == Form::json) {
        Json all = Json::object();
        for (const auto& answer : *answers) all[tail_of(answer.path)] = json_of(answer.args);
        streams_.out << written(all);
    } else if (paths.size() == 1 && !is_osc_pattern(paths[0])) {
        for (const auto& answer : *answers) streams_.out << text_of(answer.args) << '\n';
    } else {
        for (const auto& answer : *answers) print_line(answer);
    }
    return refusals_.empty() ? Exit::ok : Exit::refused;
}

Exit Commands::set(const std::string& path, const std::vector<std::string>& values) {
    if (is_action(path)) return Exit::usage;
    const auto tail = tail_of(path_of(path));
    const bool many = same_but_for_case(tail, "weights");
    const auto* row = find_param(tail);
    const bool is_word = row != nullptr && row->type == ParamType::choice;  // D dorian
    const std::size_t most = row != nullptr ? 1 : 2;
    if (!many && !is_word && values.size() > most)
        return usage("set takes a path, a value and, for a weight, the beats to get there");
    OscMessage message{path_of(path), {}};
    if (is_word) message.args.emplace_back(fmt::format("{}", fmt::join(values, " ")));
    for (std::size_t i = 0; !is_word && i < values.size(); ++i) {
        const bool number_only = many || i > 0;
        if (const auto number = read_number(values[i]); number_only && !number)
            return usage(number.error().message);
        message.args.push_back(value_in(values[i]));
    }
    const OscMessage query{message.path, {}};
    const auto answers = ask({message, query});
    if (!answers) return Exit::no_answer;
    if (!refusals_.empty()) return Exit::refused;
    tell_understood(message, *answers);
    if (!answers->empty()) return Exit::ok;
    streams_.problems << "fusionctl: " << tail
                      << ": took the value and does not say what it is now\n";
    return Exit::refused;
}

// Where a word came back as another one: Db as C#, D dorian as two.
void Commands::tell_understood(const OscMessage& said, const Answers& answers) {
    std::vector<std::string> told;
    for (const auto& answer : answers) {
        const bool is_word = !answer.args.empty() && osc_text(answer.args[0]).has_value();
        const auto line = fmt::format("{} {}", tail_of(answer.path), text_of(answer.args));
        const bool differs = osc_text(said.args[0]).has_value() && answer.args != said.args;
        if (!is_word || !differs || std::ranges::find(told, line) != told.end()) continue;
        print_line(answer);
        told.push_back(line);
    }
}

Exit Commands::act(const std::string& action, const std::vector<std::string>& arguments) {
    const auto* row = find_action(tail_of(path_of(action)));
    if (row == nullptr) {
        std::vector<std::string> names;
        for (const auto& known : action_table()) names.emplace_back(known.name);
        return usage(fmt::format("no action '{}'{}; fusionctl list shows all", action,
                                 did_you_mean(action, names)));
    }
    if (arguments.size() > row->arguments.size())
        return usage(fmt::format("{}: {} arguments, {} at most", row->name, arguments.size(),
                                 row->arguments.size()));
    OscMessage message{path_of(row->name), {}};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto number = read_number(arguments[i]);
        if (row->arguments[i].kind == ArgumentSpec::Kind::text)
            message.args.emplace_back(arguments[i]);
        else if (number)
            message.args.emplace_back(*number);
        else
            return usage(fmt::format("{}: {} ({})", row->name, number.error().message,
                                     row->arguments[i].name));
    }
    const auto answers = ask({message});
    if (!answers) return Exit::no_answer;
    return refusals_.empty() ? Exit::ok : Exit::refused;
}

Exit Commands::list(const std::string& pattern) {
    const auto answers = ask({{"/fusiond/help", {}}});
    if (!answers) return Exit::no_answer;
    Json all = Json::array();
    bool found = false;
    for (const auto& answer : *answers) {
        const auto* path = text_at(answer, 0);
        if (answer.path != "/fusiond/help.reply" || path == nullptr) continue;
        const bool wanted = is_osc_pattern(pattern)
                                ? osc_pattern_matches(path_of(pattern), *path)
                                : path->find(tail_of(pattern)) != std::string::npos;
        if (!wanted) continue;
        found = true;
        if (form_ == Form::text) {
            streams_.out << line_of(answer);
            continue;
        }
        Json entry;
        for (std::size_t i = 0; i < kHelp.size(); ++i)
            if (const auto* text = text_at(answer, i)) entry[kHelp[i]] = *text;
        all.push_back(std::move(entry));
    }
    if (form_ == Form::json) streams_.out << written(all);
    if (found) return Exit::ok;
    streams_.problems << fmt::format("fusionctl: there is no path with '{}'\n", pattern);
    return Exit::refused;
}

Exit Commands::status() {
    const auto answers = ask({{"/version", {}}, {"/status", {}}});
    if (!answers) return Exit::no_answer;
    Json all;
    for (const auto& answer : *answers) {
        if (const auto* version = text_at(answer, 1); answer.path == "/version.reply" && version)
            all["version"] = *version;
        if (answer.path != "/status.reply") continue;
        for (std::size_t i = 0; i < answer.args.size() && i < kStatus.size(); ++i)
            all[kStatus[i].name] = kStatus[i].is_flag
                                       ? Json(osc_number(answer.args[i]).value_or(0.0) != 0.0)
                                       : json_of(answer.args[i]);
        Json genres = Json::array();
        for (auto i = kStatus.size(); i < answer.args.size(); ++i)
            genres.push_back(json_of(answer.args[i]));
        all["genres"] = std::move(genres);
    }
    if (form_ == Form::json) {
        streams_.out << written(all);
        return refusals_.empty() ? Exit::ok : Exit::refused;
    }
    for (const auto& [name, value] : all.items()) {
        std::string text;
        if (value.is_boolean())
            text.assign(value.get<bool>() ? "yes" : "no");
        else if (value.is_string())
            text = value.get<std::string>();
        else if (!value.is_array())
            text = value.dump();
        else
            for (const auto& one : value)
                text += (text.empty() ? "" : " ") + one.get<std::string>();
        streams_.out << fmt::format("{:<16} {}\n", name, text);
    }
    return refusals_.empty() ? Exit::ok : Exit::refused;
}

Exit Commands::scenes() {
    const auto answers = ask({{"/fusiond/scene/list", {}}});
    if (!answers) return Exit::no_answer;
    Json all = Json::array();
    for (const auto& answer : *answers)
        for (const auto& name : answer.args) {
            if (form_ == Form::text) streams_.out << text_of(name) << '\n';
            all.push_back(json_of(name));
        }
    if (form_ == Form::json && refusals_.empty()) streams_.out << written(all);
    return refusals_.empty() ? Exit::ok : Exit::refused;
}

Exit Commands::watch(const std::string& pattern, const std::vector<std::string>& kinds,
                     const Stopped& stopped) {
    using namespace std::chrono_literals;
    constexpr auto kLook = 200ms;
    constexpr auto kLifetime = 60;  // seconds; a watcher that was killed is forgotten after it
    constexpr auto kRenewed = 20s;
    constexpr auto kAskedAfter = 1s;  // a daemon that is gone is only noticed when sent to
    OscMessage subscribe{"/fusiond/subscribe", {kLifetime}};
    for (const auto& kind : kinds) subscribe.args.emplace_back(kind);
    const auto wanted = [&](const std::string& path) {
        if (pattern.empty() || path == "/fail") return true;
        return is_osc_pattern(pattern) ? osc_pattern_matches(path_of(pattern), path)
                                       : same_but_for_case(path, path_of(pattern));
    };
    if (!ask({subscribe})) return Exit::no_answer;
    if (!refusals_.empty()) return Exit::refused;
    const OscMessage still_there{"/sync", {0}};
    auto renew = OscClient::Clock::now() + kRenewed;
    auto look = OscClient::Clock::now() + kAskedAfter;
    bool lost = false;
    while (!stopped()) {
        const auto now = OscClient::Clock::now();
        if (now >= look) {
            // A daemon that was started anew knows nothing of us.
            const bool anew = lost || now >= renew;
            static_cast<void>(daemon_.send(std::span{anew ? &subscribe : &still_there, 1}));
            if (anew) renew = now + kRenewed;
            look = now + kAskedAfter;
        }
        const auto message = daemon_.receive(now + kLook);
        if (!message) {
            if (!lost) streams_.problems << "fusionctl: " << message.error().message << '\n';
            lost = true;
            continue;
        }
        if (!*message) continue;
        if (lost) streams_.problems << "fusionctl: " << daemon_.where() << " is back" << '\n';
        lost = false;
        const auto& path = (*message)->path;
        if (path == "/done" || path == "/synced" || !wanted(path)) continue;
        print_line(**message);
        streams_.out.flush();  // for who pipes it on
        if (!streams_.out) break;
    }
    const OscMessage end{subscribe.path, {0}};
    static_cast<void>(daemon_.send(std::span{&end, 1}));
    return Exit::ok;
}

}  // namespace fusion::ctl

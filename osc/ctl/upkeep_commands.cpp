// What whoever looks after an installation asks for: the recording, a configuration that is read
// anew, a flight. Each takes the daemon a moment, which is waited for.
#include <ostream>
#include <thread>

#include "osc/ctl/commands.hpp"
#include "osc/ctl/words.hpp"

namespace fusion::ctl {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookAgain = 200ms;
constexpr auto kWholeWithin = 15s;     // a note that sounds is waited for
constexpr auto kReloadedWithin = 60s;  // networks are loaded and warmed

std::string text_of_arg(const OscMessage& message, std::size_t place) {
    return place < message.args.size() ? text_of(message.args[place]) : std::string{};
}

}  // namespace

Exit Commands::refused(const std::string& why) {
    streams_.problems << "fusionctl: " << why << '\n';
    return Exit::refused;
}

std::optional<OscMessage> Commands::ask_one(OscMessage question, std::string_view answer) {
    auto answers = ask({std::move(question)});
    if (!answers) return {};
    for (auto& one : *answers)
        if (one.path == answer) return std::move(one);
    return OscMessage{};
}

Exit Commands::record(const std::string& wish) {
    OscMessage question{"/fusiond/record", {}};
    if (!wish.empty()) question.args.emplace_back(wish);
    auto answer = ask_one(question, "/fusiond/record.reply");
    if (!answer) return Exit::no_answer;
    if (answer->path.empty()) return refused("record: this daemon does not answer that");
    auto writing = text_of_arg(*answer, 1);
    if (wish == "export") {
        const auto until = OscClient::Clock::now() + kWholeWithin;
        // On, and before the first note.
        while (writing.empty() && text_of_arg(*answer, 2).empty() &&
               text_of_arg(*answer, 0) == "on" && OscClient::Clock::now() < until) {
            std::this_thread::sleep_for(kLookAgain);
            answer = ask_one(question, "/fusiond/record.reply");
            if (!answer) return Exit::no_answer;
            writing = text_of_arg(*answer, 1);
        }
        const OscMessage look{question.path, {}};
        while (!writing.empty() && text_of_arg(*answer, 2) != writing) {
            if (OscClient::Clock::now() > until)
                return refused("export: " + writing + " is not whole yet");
            std::this_thread::sleep_for(kLookAgain);
            answer = ask_one(look, "/fusiond/record.reply");
            if (!answer) return Exit::no_answer;
        }
        const auto whole = text_of_arg(*answer, 2);
        if (whole.empty()) return refused("export: nothing has been recorded yet");
        streams_.out << whole << '\n';
        return Exit::ok;
    }
    streams_.out << text_of_arg(*answer, 0) << (writing.empty() ? "" : " ") << writing << '\n';
    const auto trouble = text_of_arg(*answer, 3);
    return trouble.empty() ? Exit::ok : refused("record: " + trouble);
}

std::optional<OscMessage> Commands::ask_and_wait(const std::string& path,
                                                 OscClient::Millis within) {
    const auto reply = path + ".reply";
    const auto name = tail_of(path);
    waited_ = Exit::no_answer;
    auto answer = ask_one({path, {}}, reply);
    if (!answer) return {};
    if (answer->path.empty()) {
        waited_ = refused(name + ": this daemon does not answer that");
        return {};
    }
    const auto number_in_it = [&] {
        return answer->args.empty() ? 0.0 : osc_number(answer->args[0]).value_or(0.0);
    };
    const auto number = number_in_it();
    const auto until = OscClient::Clock::now() + within;
    const OscMessage look{path, {0}};
    while (number_in_it() < number || text_of_arg(*answer, 1) == "begun") {
        if (OscClient::Clock::now() > until) {
            waited_ = refused(name + ": it is not done yet");
            return {};
        }
        std::this_thread::sleep_for(kLookAgain);
        answer = ask_one(look, reply);
        if (!answer) return {};
    }
    return answer;
}

Exit Commands::reload() {
    const auto answer = ask_and_wait("/fusiond/reload", kReloadedWithin);
    if (!answer) return waited_;
    if (text_of_arg(*answer, 1) == "refused") return refused("reload: " + text_of_arg(*answer, 2));
    streams_.out << text_of_arg(*answer, 2) << '\n';
    return Exit::ok;
}

Exit Commands::flight() {
    const auto answer = ask_and_wait("/fusiond/flight", kWholeWithin);
    if (!answer) return waited_;
    if (text_of_arg(*answer, 1) == "refused") return refused("flight: " + text_of_arg(*answer, 2));
    streams_.out << text_of_arg(*answer, 2) << '\n';
    return Exit::ok;
}

}  // namespace fusion::ctl

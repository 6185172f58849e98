// What fusionctl does: each command asks the daemon, prints what it says, and ends with a code.
// Thread: the program's own. Errors: to the error stream and in the exit code.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "osc/ctl/client.hpp"

namespace fusion::ctl {

enum class Exit : int { ok = 0, refused = 1, usage = 2, no_answer = 3 };
enum class Form : std::uint8_t { text, json };

class Commands {
public:
    struct Streams {
        std::ostream& out;
        std::ostream& problems;
    };
    using Stopped = std::function<bool()>;

    Commands(OscClient& daemon, OscClient::Millis timeout, Form form, Streams streams)
        : daemon_{daemon}, timeout_{timeout}, form_{form}, streams_{streams} {}

    Exit get(const std::vector<std::string>& paths);
    // A value and, for a weight, the beats of its ramp; for `weights` as many as there are genres.
    Exit set(const std::string& path, const std::vector<std::string>& values);
    Exit act(const std::string& action, const std::vector<std::string>& arguments);
    Exit list(const std::string& pattern);
    Exit status();
    Exit scenes();
    // `wish`: on, off, export (which waits for the file to be whole), or empty.
    Exit record(const std::string& wish);
    // Both wait for what comes of it.
    Exit reload();
    Exit flight();
    // Until stopped() says so, which is asked several times a second.
    Exit watch(const std::string& pattern, const std::vector<std::string>& kinds,
               const Stopped& stopped);

private:
    using Answers = std::vector<OscMessage>;

    // The answers without the refusals, which are told; none when nobody answered.
    std::optional<Answers> ask(Answers questions);
    Exit no_answer(const Error& error);
    Exit usage(const std::string& what);
    Exit refused(const std::string& why);
    // Asks `path` to do what takes it a moment, and again until that is done or `refused`. None: it
    // was told why, and waited_ is the exit.
    std::optional<OscMessage> ask_and_wait(const std::string& path, OscClient::Millis within);
    // The answer of that name, among others.
    std::optional<OscMessage> ask_one(OscMessage question, std::string_view answer);
    // A query of an action would do it.
    [[nodiscard]] bool is_action(const std::string& path);
    void print_line(const OscMessage& message);
    void tell_understood(const OscMessage& said, const Answers& answers);

    OscClient& daemon_;
    OscClient::Millis timeout_;
    Form form_;
    Streams streams_;
    std::vector<std::string> refusals_;  // of the last ask()
    Exit waited_ = Exit::ok;             // of the last ask_and_wait() that had no answer
};

}  // namespace fusion::ctl

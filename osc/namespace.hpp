// Every OSC path there is: those of the parameter table, the genres' weights and the actions, and
// the verbs that the server adds. Knows nothing of sockets.
//
//   /fusiond/<parameter> [n]            sets; without an argument, answers path and value
//   /fusiond/weight/<genre> [n [beats]] the same, with a ramp of its own
//   /fusiond/<family>/<genre> [n]       the same
//   /fusiond/weights [n ...]            sets the first genres at once; answers all
//   /fusiond/<action> [s] [n]           does it; a button that sends 0 on release does nothing
//   then, but
//                                       for a number of which 0 is one (tape/seek)
//
// Numbers come as i, h, f, d, T or F, or as text (engine/params/text_value.hpp), as s, S or c. N, a
// nil, is an argument that is not given: alone it asks. Arrays are taken as what is in them. What
// is one too many is left out and told in the log, once for each path. I is the bang of an action.
//
// A path may end with a slash and differ in case, where that leaves one. Patterns
// (/fusiond/weight/* 0) are OSC's, case and all; they reach parameters and weights; actions and
// verbs only by their own name, so that asking /fusiond/* for everything never stops the music.
//
// What cannot be done is answered by /fail path reason and changes nothing. A value out of range is
// clamped, and the sender gets both /fail path reason and path with the value in force. That comes,
// without /fail, where what was sent is not how it would be said here: text for a number, Db for
// C#. Thread: control. Errors: told to the caller by /fail.
#pragma once

#include <functional>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/params/action_desk.hpp"
#include "osc/message.hpp"

namespace fusion {

using OscReply = std::function<void(const OscMessage&)>;

class OscNamespace {
public:
    using Verb = std::function<void(const OscMessage&, const OscReply&)>;

    // Both outlive it.
    OscNamespace(ParamStore& params, ActionDesk& actions);
    // Routes hold `this`.
    OscNamespace(const OscNamespace&) = delete;
    OscNamespace& operator=(const OscNamespace&) = delete;

    static constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
    // `most`: arguments; the verb sees no more.
    void add_verb(std::string path, Verb verb, std::size_t most = kAny);
    // The path that is meant by what was sent; as it was sent where that is a pattern or unknown.
    [[nodiscard]] std::string path_meant(std::string_view sent) const;
    void handle(const OscMessage& message, const OscReply& reply);

    // The current value as its path says it, for answers and for streams.
    [[nodiscard]] OscMessage value_of(ParameterIndex parameter) const;

private:
    enum class Kind : std::uint8_t { value, action, verb };
    // Whether a message says what it says as it is said here.
    enum class Form : std::uint8_t { ours, mended };
    struct Route {
        std::string path;
        Kind kind;
        std::size_t most;  // arguments
        std::function<void(const OscMessage&, Form, const OscReply&)> take;
    };

    void hand_to(const Route& route, const OscMessage& sent, Form form, const OscReply& reply);
    void set_or_query(const OscMessage& message, ParameterIndex parameter, Form form,
                      const OscReply& reply);
    void set_weights(const OscMessage& message, Form form, const OscReply& reply);
    void act(const ActionSpec& action, const OscMessage& message, const OscReply& reply);
    void tell_once(const std::string& path, std::size_t given, std::size_t taken);
    [[nodiscard]] std::string unknown(const std::string& path) const;

    ParamStore& params_;
    ActionDesk& actions_;
    std::vector<Route> routes_;
    std::set<std::string> told_;  // routes that got an argument too many
};

[[nodiscard]] OscMessage osc_fail(const std::string& path, const std::string& reason);

}  // namespace fusion

// Every OSC path there is: those of the parameter table, the genres' weights and the actions, and
// the verbs that the server adds. Knows nothing of sockets.
//
//   /fusiond/<parameter> [n]            sets; without an argument, answers path and value
//   /fusiond/weight/<genre> [n [beats]] the same, with a ramp of its own
//   /fusiond/<family>/<genre> [n]       the same
//   /fusiond/weights [n ...]            sets the first genres at once; answers all
//   /fusiond/<action> [s] [n]           does it; a button that sends 0 on release does nothing then
//
// Numbers come as i, h, f, d, T or F. Patterns (/fusiond/weight/* 0) reach parameters and weights;
// actions and verbs only by their own name, so that asking /fusiond/* for everything never stops
// the music. What cannot be done is answered by /fail path reason and changes nothing. A value out
// of range is clamped, and the sender gets both /fail path reason and path with the value in force.
// Thread: control. Errors: told to the caller by /fail.
#pragma once

#include <functional>
#include <string>
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

    void add_verb(std::string path, Verb verb);
    void handle(const OscMessage& message, const OscReply& reply);

    // The current value as its path says it, for answers and for streams.
    [[nodiscard]] OscMessage value_of(ControlIndex control) const;

private:
    enum class Reach : std::uint8_t { by_pattern, by_name };
    struct Route {
        std::string path;
        Reach reach;
        Verb verb;
    };

    void set_or_query(const OscMessage& message, ControlIndex control, const OscReply& reply);
    void set_weights(const OscMessage& message, const OscReply& reply);
    void act(const ActionSpec& action, const OscMessage& message, const OscReply& reply);
    [[nodiscard]] std::string unknown(const std::string& path) const;

    ParamStore& params_;
    ActionDesk& actions_;
    std::vector<Route> routes_;
};

[[nodiscard]] OscMessage osc_fail(const std::string& path, const std::string& reason);

}  // namespace fusion

// What comes in over MIDI, to what it turns. One message turns one target, that of the binding
// which says most exactly where the message comes from (its channel, its input; the newer of
// equals); one target may have several messages.
//
// Knobs turn parameters over the range of their binding, with soft takeover
// (controller_takeover.hpp) where the binding, or else the parameter `takeover`, says pickup. Where
// a knob stands at the very position that stands for the value in force, the value stays as exact
// as it is: a controller that echoes our feedback changes nothing. Encoders step. Buttons (notes,
// programs, what turns a toggle, what says `press`) act when they go down: the upper half of a
// controller's way, or the same upper value once more, for buttons that never say they came up.
// Learning: controller_learn.hpp. What was learned names its channel and input, so that the binding
// for any channel stays what it is for the others. Thread: control. Errors: of learn() and
// unlearn(): not_found (with the nearest), out_of_range. What a message cannot do is told in its
// outcome.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/midi_binding.hpp"
#include "daemon/hands/controller_learn.hpp"
#include "daemon/hands/controller_range.hpp"
#include "daemon/hands/controller_reader.hpp"
#include "daemon/hands/controller_takeover.hpp"
#include "daemon/hands/controller_target.hpp"
#include "engine/params/action_desk.hpp"

namespace fusion {

struct MidiOutcome {
    enum class Did {
        nothing,   // nobody's message
        turned,    // a parameter follows
        waits,     // for the knob to cross the value in force
        acted,     // an action, a scene
        released,  // a button came up
        learned,
        refused,  // `problem` says why
    };
    Did did = Did::nothing;
    std::size_t binding = 0;  // its place; means nothing where nothing was done
    ControllerPlace place{};
    std::optional<Gesture> gesture{};
    std::string problem{};
};

struct LearnNews {
    enum class Kind { armed, learned, cancelled, timed_out, unlearned };
    Kind kind;
    std::string path;
    std::optional<MidiSource> source{};  // learned, unlearned
};
// "learned: CC 20 on channel 1 of input 1 turns tempo"
[[nodiscard]] std::string to_text(const LearnNews& news);

class MidiMap {
public:
    // A binding as this bundle understands it.
    struct Bound {
        MidiBinding binding;
        std::optional<ControllerTarget> target;  // none: the bundle has no such thing
        std::optional<ControllerRange> range;    // of a parameter
        bool is_button = false;
    };

    // Of two that name the same source the later one holds. All outlive the map.
    MidiMap(std::vector<MidiBinding> bindings, ParamStore& params, ActionDesk& desk,
            const TimeSource& time);

    // `input`: from 0, as MidiInbox counts its sources.
    MidiOutcome apply(const MidiMessage& message, std::size_t input);
    // Each second or more often: gives up learning in time.
    void turn(TimePoint now);

    // Empty: learns nothing after all.
    Status learn(std::string_view path);
    Status unlearn(std::string_view path);
    [[nodiscard]] std::string_view learning() const { return learn_.armed_for(); }

    // Whether a binding names this note or controller, wherever learning stands.
    [[nodiscard]] bool names(const MidiMessage& message, std::size_t input) const;
    [[nodiscard]] std::vector<MidiBinding> bindings() const;
    void replace(std::vector<MidiBinding> bindings);
    // Targets that this bundle lacks: "CC 20: nothing is called 'weight/polka' (did you ...". More
    // knobs than genres is no fault.
    [[nodiscard]] std::vector<std::string> unknown() const;

    [[nodiscard]] std::size_t size() const { return lines_.size(); }
    [[nodiscard]] const Bound& bound(std::size_t place) const { return lines_[place].bound; }
    // Grows whenever places mean something else.
    [[nodiscard]] std::uint64_t revision() const { return revision_; }

    // What was learned or unlearned, to be kept. Neither may change the map.
    void on_change(std::function<void()> listener) { changed_ = std::move(listener); }
    void on_news(std::function<void(const LearnNews&)> listener) { news_ = std::move(listener); }

private:
    // One physical knob or button.
    struct Hand {
        ControllerPlace place;
        ControllerTakeover takeover{};
        unsigned position = 0;
        bool is_down = false;
        bool passes_release = false;  // what it was learned with is not yet let go
    };
    struct Line {
        Bound bound;
        std::vector<Hand> hands;
    };

    [[nodiscard]] Bound bind(MidiBinding binding) const;
    void add(MidiBinding binding);
    [[nodiscard]] std::optional<std::size_t> match(const Gesture& gesture,
                                                   const ControllerPlace& place) const;
    static Hand& hand_of(Line& line, const ControllerPlace& place);

    std::optional<MidiOutcome> try_to_learn(const Gestures& gestures, const ControllerPlace& place);
    [[nodiscard]] MidiOutcome act(Line& line, const Gesture& gesture, const ControllerPlace& place);
    [[nodiscard]] MidiOutcome press(const Line& line, const Hand& hand);
    [[nodiscard]] MidiOutcome turn_knob(Line& line, Hand& hand, const Gesture& gesture);
    [[nodiscard]] MidiOutcome step(const Line& line, int clicks);
    [[nodiscard]] MidiOutcome set(ParameterIndex parameter, double value);
    [[nodiscard]] MidiOutcome call(const Line& line);
    void tell(const LearnNews& news) const;

    ParamStore& params_;
    ActionDesk& desk_;
    const TimeSource& time_;
    ControllerReader reader_;
    ControllerLearn learn_;
    std::vector<Line> lines_;
    std::uint64_t revision_ = 0;
    std::function<void()> changed_;
    std::function<void(const LearnNews&)> news_;
};

}  // namespace fusion

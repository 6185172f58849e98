// The parameters themselves. One writer, the control thread; every change grows the revision and is
// published to the readers (the inference and the clock thread), each through a TripleBuffer of its
// own. A value out of range is clamped to the table's and the caller is told; one that is no number
// (NaN, infinity) is refused and nothing changes. The music goes on either way. Thread: control,
// except the buffers' reading ends. Errors: out_of_range, not_found.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/base/time_source.hpp"
#include "engine/base/triple_buffer.hpp"
#include "engine/params/parameter.hpp"
#include "engine/params/tap_tempo.hpp"
#include "engine/params/value_shape.hpp"

namespace fusion {

struct Setting {
    ParameterIndex parameter;
    double value;
};

class ParamStore {
public:
    // How long a change of a weight takes, in beats; none: as the parameter `ramp` says.
    using Ramp = std::optional<double>;

    // `genres`: the bundle's, at most kMaxGenres. Every parameter starts at the table's initial
    // value.
    ParamStore(std::vector<std::string> genres, const TimeSource& time);

    // --- All parameters alike ---
    [[nodiscard]] std::span<const Parameter> parameters() const { return parameters_; }
    // Without regard to case, where that leaves one.
    [[nodiscard]] std::optional<ParameterIndex> find(std::string_view path_tail) const;
    [[nodiscard]] double value(ParameterIndex parameter) const {
        return value_of(parameters_[parameter], current_);
    }
    // A toggle, integer or choice is rounded.
    Result<Applied> set(ParameterIndex parameter, double value, Ramp ramp = {});
    // What a text says: this parameter's value, or that of key and scale at once.
    [[nodiscard]] Result<std::vector<Setting>> read(ParameterIndex parameter,
                                                    std::string_view text) const;
    // All in one revision, clamped where need be; where one is no number, none.
    Result<std::vector<Applied>> set_all(std::span<const Setting> settings, Ramp ramp = {});

    // --- By name ---
    // "tempo", "weight/jazz".
    Result<Applied> set(std::string_view path_tail, double value);
    Result<Applied> set(ParamId id, double value);
    Result<Applied> set_weight(std::size_t genre, double weight, Ramp ramp = {});
    // Weights of genres 0..n-1 in one revision; values beyond the last genre are refused.
    Result<std::vector<Applied>> set_weights(const std::vector<double>& weights, Ramp ramp = {});

    // play and stop set `playing`, tap sets `tempo`; the rest of those that are the music's own are
    // counted in the snapshot. An argument out of range is clamped; one that is no number is
    // refused, and so is an action that is not the store's (see action_desk.hpp).
    Result<Applied> act(ActionId action, double argument = 0.0);

    // Somebody new hears the music: what it must be told besides notes is told again.
    void receiver_came();
    // The line comes to its end at this place of it, until it is stopped or played anew.
    void finish_at(Ticks place);
    // The chords that are given by hand are others now, and are to be obeyed with this revision.
    void harmony_changed() { publish(); }

    [[nodiscard]] const ParamSnapshot& current() const { return current_; }
    [[nodiscard]] const std::vector<std::string>& genres() const { return genres_; }
    [[nodiscard]] Result<std::size_t> genre_index(std::string_view name) const;

    // One more reading end, for a thread of its own: it begins with the values as they are, and
    // every change from now on comes to it.
    [[nodiscard]] SnapshotReader<ParamSnapshot> reader();

    // Called after each published change, on the control thread; several may be added.
    void on_change(std::function<void(const ParamSnapshot&)> listener);

private:
    void put(const Parameter& parameter, double value, Ramp ramp);
    void publish();

    std::vector<std::string> genres_;
    const TimeSource& time_;
    std::vector<Parameter> parameters_;
    TapTempo taps_;
    ParamSnapshot current_;
    std::vector<SnapshotWriter<ParamSnapshot>> for_readers_;
    std::vector<std::function<void(const ParamSnapshot&)>> listeners_;
};

}  // namespace fusion

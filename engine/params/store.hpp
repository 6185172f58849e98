// The parameters themselves. One writer, the control thread; every change grows the revision and is
// published to the readers (the inference and the clock thread), each through its own TripleBuffer.
// A value out of range is clamped to the table's and the caller is told; one that is no number
// (NaN, infinity) is refused and nothing changes. The music goes on either way. Thread: control,
// except the buffers' reading ends. Errors: out_of_range, not_found.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/base/time_source.hpp"
#include "engine/base/triple_buffer.hpp"
#include "engine/params/snapshot.hpp"
#include "engine/params/tap_tempo.hpp"

namespace fusion {

// What a set() did: the value in force, and whether it had to be clamped to get there.
struct Applied {
    double value;
    bool clamped;
};

class ParamStore {
public:
    // `genres`: the bundle's, at most kMaxGenres. Every parameter starts at the table's initial
    // value.
    ParamStore(std::vector<std::string> genres, const TimeSource& time);

    Result<Applied> set(ParamId id, double value);
    Result<Applied> set_weight(std::size_t genre, double weight);
    // By table name ("tempo") or "weight/<genre>". A toggle, integer or choice is rounded.
    Result<Applied> set(std::string_view path_tail, double value);
    // The word of a choice.
    Result<Applied> set_word(std::string_view path_tail, std::string_view word);
    // Weights of genres 0..n-1 in one revision; values beyond the last genre are refused.
    Status set_weights(const std::vector<double>& weights);
    // play and stop set `playing`, tap sets `tempo`; the rest is counted in the snapshot.
    // An argument out of range is clamped; one that is no number is refused.
    Result<Applied> act(ActionId action, double argument = 0.0);

    [[nodiscard]] const ParamSnapshot& current() const { return current_; }
    [[nodiscard]] const std::vector<std::string>& genres() const { return genres_; }
    [[nodiscard]] Result<std::size_t> genre_index(std::string_view name) const;

    // The reading ends. Each has one reader thread.
    [[nodiscard]] TripleBuffer<ParamSnapshot>& for_inference() { return inference_; }
    [[nodiscard]] TripleBuffer<ParamSnapshot>& for_clock() { return clock_; }

    // Called after each published change, on the control thread; several may be added.
    void on_change(std::function<void(const ParamSnapshot&)> listener);

private:
    void publish();

    std::vector<std::string> genres_;
    const TimeSource& time_;
    TapTempo taps_;
    ParamSnapshot current_;
    TripleBuffer<ParamSnapshot> inference_;
    TripleBuffer<ParamSnapshot> clock_;
    std::vector<std::function<void(const ParamSnapshot&)>> listeners_;
};

}  // namespace fusion

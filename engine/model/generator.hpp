// The narrow waist between the music and the networks: something that, given the line so far, says
// the next event. The Torch generator (engine/nn) and the n-gram fallback stand behind it, and
// tests put scripted ones there.
//
// A generator keeps a snapshot of its state before every step it has generated and not been told to
// forget, so that the tail of the line can be generated again when a control changes.
// Thread: one (inference). Realtime: no; may allocate.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "engine/base/result.hpp"
#include "engine/corpus/vocabulary.hpp"
#include "engine/model/harmony_ask.hpp"
#include "engine/music/genre_weights.hpp"
#include "engine/music/meter.hpp"

namespace fusion {

struct SamplingSettings {
    float temperature = 1.0F;  // > 0
    float lengths = 1.0F;      // > 0: a temperature of how long the event is, whatever its tone
    float top_p = 0.9F;        // 0..1: below 1 the tail of the distribution is cut (sampling.cpp)
    float decision = 0.0F;     // 0..1: share of steps that take the most likely event
    float coupling = 1.0F;     // 0..1: how much each genre's network listens to the fused line
    float guidance = 0.0F;     // >= 0: stresses what tells the blend's genres from all the others
    float inertia = 1.0F;      // 0..1: how far a phrase is led by one genre of the blend (lead.hpp)
    float form = 1.0F;         // 0..1: how far phrases return by plan (form_book.hpp)
    float density = 0.0F;      // -1..1: more and shorter notes, or fewer and longer ones
    float rests = 0.0F;        // -1..1: more rests, or fewer
    std::uint64_t seed = 1;
    friend bool operator==(const SamplingSettings&, const SamplingSettings&) = default;
};

// What began so long ago: it comes again, so surely; or it is to be something else, and its tone
// comes again no surer than so.
enum class ReturnKind : std::uint8_t { again, otherwise };
struct ReturnAsk {
    Cells ago{0};
    float likeness = 0.0F;  // 0..1
    ReturnKind kind = ReturnKind::again;
    friend bool operator==(const ReturnAsk&, const ReturnAsk&) = default;
};

struct StepRequest {
    std::uint32_t index = 0;  // must be the generator's next_index()
    std::uint8_t part = 0;
    std::uint8_t position = 0;  // bar_position() of the onset
    MeterClass meter = MeterClass::quadruple;
    std::uint32_t phrase = 0;  // phrase_of() the onset
    Blend blend;               // not silent; what the weights ask for, over phrases
    SamplingSettings sampling;
    // A rest longer than this is not chosen where a note can be.
    Cells longest_rest = kMaxEventCells;
    // Set: the line goes on with this event, whatever the dice say (another rung made it, or it was
    // committed before a new tail could replace it).
    std::optional<EventId> forced;
    HarmonyAsk harmony;                // free unless chords are planned or given
    std::optional<ReturnAsk> returns;  // where the form says anything of this bar
};

inline constexpr EventId kNoProposal = 0xFFFF;

struct GeneratedEvent {
    EventId event = 0;
    std::uint8_t velocity = 96;
    // What each genre's own network proposed, kNoProposal where it has none.
    std::array<EventId, kMaxGenres> proposals{};
};

class Generator {
public:
    virtual ~Generator() = default;

    [[nodiscard]] virtual const Vocabulary& vocabulary() const = 0;
    [[nodiscard]] virtual std::span<const std::string> genres() const = 0;

    // Same state and request: the same event. Errors: a failure of the library below; the state is
    // then as before the call.
    [[nodiscard]] virtual Result<GeneratedEvent> generate(const StepRequest& request) = 0;

    [[nodiscard]] virtual std::uint32_t next_index() const = 0;
    // The state becomes that before step `index` was generated. `index` lies between the oldest
    // kept and next_index().
    virtual void rollback(std::uint32_t index) = 0;
    // Snapshots before step `index` are needed no more.
    virtual void forget_before(std::uint32_t index) = 0;
    // Steps [next_index(), index) were made by others and are not told: the line goes on at
    // `index`.
    virtual void skip_to(std::uint32_t index) = 0;
    // As new: next_index() is 0.
    virtual void reset() = 0;
};

}  // namespace fusion

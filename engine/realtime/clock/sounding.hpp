// What sounds now: of the fused line and of each genre's part at most one note, of the band as many
// as it has voices, with the place where it ends. Places are those at the port, after swing and
// lean. A note is held by one of them only; see ClockNotes for who gets it where two want the same.
// Thread: clock. Realtime: yes. Errors: none.
#pragma once

#include <array>
#include <cstddef>
#include <limits>

#include "engine/base/realtime_contract.hpp"
#include "engine/base/units.hpp"
#include "engine/music/band_part.hpp"
#include "engine/music/genre_weights.hpp"
#include "engine/plan/band_plan.hpp"

namespace fusion {

class Sounding {
public:
    // The fused line, then the part of genre 0, of genre 1, ..., then bass, chords and drums.
    static constexpr std::array<std::size_t, kBandParts> kBandVoices{1, kChordVoices, kDrumVoices};
    static constexpr std::size_t kOfSteps = 1 + kMaxGenres;
    static constexpr std::size_t kVoices =
        kOfSteps + kBandVoices[0] + kBandVoices[1] + kBandVoices[2];
    static constexpr std::size_t kLine = 0;
    static constexpr Ticks kNever{std::numeric_limits<std::int64_t>::max()};

    [[nodiscard]] static constexpr std::size_t part(std::size_t genre) { return 1 + genre; }
    [[nodiscard]] static constexpr std::size_t first_of(BandPart part) {
        std::size_t first = kOfSteps;
        for (std::size_t p = 0; p < index_of(part); ++p) first += kBandVoices[p];
        return first;
    }

    struct Note {
        Channel channel{0};
        Pitch pitch{0};
        Ticks end = kNever;  // kNever: nothing sounds
    };

    FUSION_RT void begin(std::size_t voice, const Note& note) noexcept { notes_[voice] = note; }
    FUSION_RT void clear() noexcept { notes_.fill(Note{}); }

    [[nodiscard]] FUSION_RT bool sounds(std::size_t voice) const noexcept {
        return notes_[voice].end != kNever;
    }
    [[nodiscard]] FUSION_RT const Note& at(std::size_t voice) const noexcept {
        return notes_[voice];
    }
    [[nodiscard]] FUSION_RT bool holds(Channel channel, Pitch pitch) const noexcept {
        for (const auto& note : notes_)
            if (note.end != kNever && note.channel == channel && note.pitch == pitch) return true;
        return false;
    }

    // Which of the first so many ends first; kVoices when none of them sounds.
    [[nodiscard]] FUSION_RT std::size_t first_to_end(std::size_t voices = kVoices) const noexcept {
        std::size_t first = kVoices;
        auto end = kNever;
        for (std::size_t voice = 0; voice < voices; ++voice) {
            if (notes_[voice].end >= end) continue;
            first = voice;
            end = notes_[voice].end;
        }
        return first;
    }
    [[nodiscard]] FUSION_RT Ticks next_end() const noexcept {
        const auto first = first_to_end();
        return first == kVoices ? kNever : notes_[first].end;
    }

    FUSION_RT Note take(std::size_t voice) noexcept {
        const auto note = notes_[voice];
        notes_[voice] = Note{};
        return note;
    }

private:
    std::array<Note, kVoices> notes_{};
};

}  // namespace fusion

#include "engine/model/told_chords.hpp"

#include <algorithm>

namespace fusion {
namespace {

// Up to so many cells; what comes later is of the last class, what does not come of the first.
constexpr std::array<Cells, kComingClasses - 2> kSoon{{Cells{6}, Cells{12}, Cells{24}, Cells{48}}};

std::size_t coming_class(const ToldChords& told) {
    if (told.next == kNoChordCode || told.next_in <= Cells{0}) return 0;
    const auto* const soon = std::ranges::lower_bound(kSoon, told.next_in);
    return 1 + static_cast<std::size_t>(soon - kSoon.begin());
}

}  // namespace

ToldChords told_of(const HarmonyAsk& ask) {
    ToldChords told;
    told.now = ask.now.code;
    if (ask.next_in > Cells{0}) {
        told.next = ask.next.code;
        told.next_in = ask.next_in;
    }
    told.first = told.now != kNoChordCode && ask.onset == HarmonyAsk::Onset::first;
    told.bar = ask.bar;
    return told;
}

std::array<std::int64_t, kChordRowsTold> chord_rows(const ToldChords& told) {
    std::array<std::int64_t, kChordRowsTold> rows{};
    std::size_t at = 0, first = 0;
    const auto tell = [&](std::size_t value, std::size_t count) {
        rows[at++] = static_cast<std::int64_t>(first + value);
        first += count;
    };
    for (const auto code : {told.now, told.next}) {
        const bool none = code == kNoChordCode;
        tell(none ? kChordFunctions : function_of(code), kChordFunctions + 1);
        tell(none ? kChordQualities : static_cast<std::size_t>(chord_of(code).quality()),
             kChordQualities + 1);
    }
    tell(coming_class(told), kComingClasses);
    tell(told.first ? 1 : 0, 2);
    tell(told.bar % kPeriodBars, kPeriodBars);
    return rows;
}

}  // namespace fusion

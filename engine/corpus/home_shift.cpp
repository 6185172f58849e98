#include "engine/corpus/home_shift.hpp"

#include <algorithm>

#include "engine/corpus/key.hpp"

namespace fusion {
namespace {

// Signatures may hold this much less of the piece than the estimate does: a piece that modulates
// within its signature is no reason to doubt it, one written under a wrong signature is.
constexpr double kSignatureDoubt = 0.05;

// A file whose one signature is no sharps and no flats says nothing: many programs write that
// whatever the key.
std::vector<HomeShift> shifts_by_signature(const Smf& smf, std::size_t track) {
    std::vector<HomeShift> shifts;
    bool says_something = false;
    for (const auto& [at, sharps] : smf.signatures_of(track)) {
        const Key key{static_cast<std::uint8_t>((sharps * 7 + 84) % 12), Mode::major};
        shifts.push_back({at, shift_to_c_or_a(key)});
        says_something = says_something || sharps != 0;
    }
    if (!says_something) shifts.clear();
    return shifts;
}

// What sounds in the whole piece and what the lead plays weigh the same. With `shifts` the notes
// are brought home first.
PitchClassWeights weights_of(const Smf& smf, const Voice& lead, std::span<const HomeShift> shifts) {
    const auto add = [&](PitchClassWeights& weights, const SmfNote& note) {
        if (note.channel == kDrumChannel) return;
        // A pedal point is no stronger a witness than a note of four beats.
        const auto length =
            std::min<SmfTime>(note.end - note.onset, SmfTime{4} * smf.ticks_per_beat);
        const int pitch = note.pitch.count() + 12 + shift_at(shifts, note.onset);
        weights[static_cast<std::size_t>(pitch) % 12] +=
            static_cast<double>(length) / smf.ticks_per_beat;
    };
    PitchClassWeights whole{};
    PitchClassWeights line{};
    for (const auto& track : smf.tracks)
        for (const auto& note : notes_of(track)) add(whole, note);
    for (const auto& note : skyline(lead.notes, smf.ticks_per_beat)) add(line, note);
    return in_equal_parts(whole, line);
}

}  // namespace

std::vector<HomeShift> home_shifts(const Smf& smf, const Voice& lead) {
    const auto weights = weights_of(smf, lead, {});
    const int estimate = shift_to_c_or_a(estimate_key(weights));
    auto signed_shifts = shifts_by_signature(smf, lead.track);
    if (!signed_shifts.empty()) {
        const double claimed = share_at_home(weights_of(smf, lead, signed_shifts), 0);
        if (claimed >= share_at_home(weights, estimate) - kSignatureDoubt) return signed_shifts;
    }
    return {{0, estimate}};
}

int shift_at(std::span<const HomeShift> shifts, SmfTime at) {
    if (shifts.empty()) return 0;
    const auto after =
        std::upper_bound(shifts.begin(), shifts.end(), at,
                         [](SmfTime value, const HomeShift& shift) { return value < shift.from; });
    return after == shifts.begin() ? shifts.front().semitones : std::prev(after)->semitones;
}

}  // namespace fusion

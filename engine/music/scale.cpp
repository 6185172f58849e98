#include "engine/music/scale.hpp"

#include <algorithm>
#include <initializer_list>
#include <span>
#include <utility>

namespace fusion {
namespace {

constexpr int kOctave = 12;

// The notes of a scale on C, from the tonic up.
struct Degrees {
    std::array<int, kOctave> note{};
    std::size_t count = 0;

    constexpr Degrees(std::initializer_list<int> notes) {
        for (const int n : notes) note[count++] = n;
    }
    [[nodiscard]] constexpr std::span<const int> all() const { return {note.data(), count}; }
};

constexpr Degrees kMajor{0, 2, 4, 5, 7, 9, 11};

constexpr std::array<Degrees, kScaleCount> kScales{{
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},  // off
    kMajor,
    {0, 2, 3, 5, 7, 8, 10},     // minor
    {0, 2, 3, 5, 7, 9, 10},     // dorian
    {0, 1, 3, 5, 7, 8, 10},     // phrygian
    {0, 2, 4, 6, 7, 9, 11},     // lydian
    {0, 2, 4, 5, 7, 9, 10},     // mixolydian
    {0, 1, 3, 5, 6, 8, 10},     // locrian
    {0, 2, 3, 5, 7, 8, 11},     // harmonic minor
    {0, 2, 3, 5, 7, 9, 11},     // melodic minor, upwards
    {0, 2, 3, 6, 7, 8, 11},     // hungarian minor
    {0, 2, 4, 7, 9},            // pentatonic
    {0, 3, 5, 7, 10},           // minor pentatonic
    {0, 3, 5, 6, 7, 10},        // blues
    {0, 2, 4, 6, 8, 10},        // whole tone
    {0, 1, 3, 4, 6, 7, 9, 10},  // octatonic, semitone first: it holds the triad of C
}};

// From a note of the octave on C to the nearest of the scale, which may be the next octave's tonic.
constexpr int nearest(std::span<const int> scale, int note) {
    int best = scale.front();
    const auto offer = [&](int other) {
        const int distance = other < note ? note - other : other - note;
        const int least = best < note ? note - best : best - note;
        if (distance < least) best = other;  // rising: of two as near, the lower was there first
    };
    for (const int degree : scale) offer(degree);
    offer(scale.front() + kOctave);
    return best;
}

constexpr int in_scale(const Degrees& scale, int note) {
    if (scale.count == kMajor.count)
        for (std::size_t d = 0; d < kMajor.count; ++d)
            if (kMajor.note[d] == note) return scale.note[d];
    return nearest(scale.all(), note);
}

using OctaveMap = std::array<int, kOctave>;

constexpr std::array<OctaveMap, kScaleCount> make_maps() {
    std::array<OctaveMap, kScaleCount> maps{};
    for (std::size_t s = 0; s < kScaleCount; ++s)
        for (int note = 0; note < kOctave; ++note)
            maps[s][static_cast<std::size_t>(note)] = in_scale(kScales[s], note);
    return maps;
}
constexpr auto kMaps = make_maps();

// By octaves into the register, else to its nearer end, the lower one of two as near.
int folded(int note, int lowest, int highest) {
    if (lowest > highest) std::swap(lowest, highest);
    while (note > highest) note -= kOctave;
    while (note < lowest) note += kOctave;
    if (note <= highest) return note;
    const int below = note - kOctave;
    return note - highest < lowest - below ? highest : lowest;
}

}  // namespace

Pitch place_pitch(Pitch composed, const PitchSettings& settings) {
    const auto& map = kMaps[static_cast<std::size_t>(settings.scale) % kScaleCount];
    const int octave = composed.count() / kOctave;
    const int within = composed.count() % kOctave;
    const bool spared = settings.spared.holds(pitch_class_of(composed));
    int note = octave * kOctave + (spared ? within : map[static_cast<std::size_t>(within)]);
    note += settings.key > kOctave / 2 ? settings.key - kOctave : settings.key;
    note += settings.transpose + settings.octave * kOctave;
    return Pitch{static_cast<std::uint8_t>(
        folded(note, std::clamp(settings.lowest, 0, 127), std::clamp(settings.highest, 0, 127)))};
}

std::uint16_t pitch_classes(Scale scale) {
    unsigned bits = 0;
    for (const int note : kScales[static_cast<std::size_t>(scale) % kScaleCount].all())
        bits |= 1U << static_cast<unsigned>(note);
    return static_cast<std::uint16_t>(bits);
}

}  // namespace fusion

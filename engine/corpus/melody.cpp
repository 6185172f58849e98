#include "engine/corpus/melody.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cctype>
#include <charconv>

namespace fusion {
namespace {

constexpr std::size_t kFewestNotes = 8;  // fewer are an effect, not a tune

std::vector<SmfNote> without_drums(std::vector<SmfNote> notes) {
    std::erase_if(notes, [](const SmfNote& note) { return note.channel == kDrumChannel; });
    return notes;
}

std::vector<SmfNote> on_channel(const std::vector<SmfNote>& notes, Channel channel) {
    std::vector<SmfNote> chosen;
    std::copy_if(notes.begin(), notes.end(), std::back_inserter(chosen),
                 [&](const SmfNote& note) { return note.channel == channel; });
    return chosen;
}

std::string lower_case(std::string_view text) {
    std::string lower{text};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

// 0 for no claim; the plainest claim is the highest. "backing vocals" and "lead sheet chords" make
// none.
int claim_of(std::string_view name) {
    constexpr std::array<std::string_view, 6> kNot{"back", "harm",  "chord",
                                                   "bass", "choir", "accomp"};
    constexpr std::array<std::string_view, 9> kClaims{"solo", "theme", "tune", "sing", "voice",
                                                      "voca", "vox",   "lead", "melod"};
    const auto lower = lower_case(name);
    const auto holds = [&](std::string_view word) { return lower.find(word) != std::string::npos; };
    if (std::any_of(kNot.begin(), kNot.end(), holds)) return 0;
    for (std::size_t i = kClaims.size(); i > 0; --i)
        if (holds(kClaims[i - 1])) return static_cast<int>(i);
    return 0;
}

// 0 to about 4. The parts weigh about the same: a bass line is monophonic but low, a string pad is
// high but a chord, an arpeggio or a drone has few pitches, an ornament is soon over.
double melodiousness(const Voice& voice, SmfTime piece_end) {
    std::bitset<128> pitches;
    double pitch_sum = 0.0;
    std::size_t alone = 0;
    SmfTime sounding_until = 0;
    SmfTime sounding = 0;
    for (const auto& note : voice.notes) {
        pitches.set(note.pitch.count());
        pitch_sum += note.pitch.count();
        // A fifth of a note may overlap: legato is played so.
        if (sounding_until - note.onset <= (note.end - note.onset) / 5) ++alone;
        sounding += std::max<SmfTime>(0, note.end - std::max(sounding_until, note.onset));
        sounding_until = std::max(sounding_until, note.end);
    }
    const auto count = static_cast<double>(voice.notes.size());
    const double mono = static_cast<double>(alone) / count;
    const double height = std::clamp((pitch_sum / count - 45.0) / 25.0, 0.0, 1.0);
    const double variety = std::min(1.0, static_cast<double>(pitches.count()) / 12.0);
    const double presence =
        static_cast<double>(sounding) / static_cast<double>(std::max<SmfTime>(1, piece_end));
    return 1.2 * mono + height + variety + presence;
}

}  // namespace

std::vector<Voice> voices_of(const Smf& smf) {
    std::vector<Voice> voices;
    for (std::size_t t = 0; t < smf.tracks.size(); ++t) {
        auto notes = without_drums(notes_of(smf.tracks[t]));
        if (!notes.empty())
            voices.push_back({t, std::nullopt, smf.tracks[t].name, std::move(notes)});
    }
    if (voices.size() != 1) return voices;

    const auto whole = std::move(voices.front());
    voices.clear();
    for (std::uint8_t c = 0; c < 16; ++c) {
        auto notes = on_channel(whole.notes, Channel{c});
        if (!notes.empty())
            voices.push_back({whole.track, Channel{c}, whole.name, std::move(notes)});
    }
    return voices;
}

std::optional<Voice> voice_by_reference(const Smf& smf, std::string_view reference) {
    const bool by_channel = reference.starts_with("ch");
    if (by_channel) reference.remove_prefix(2);
    std::size_t number = 0;
    const auto* end = reference.data() + reference.size();
    const auto parsed = std::from_chars(reference.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;

    if (!by_channel) {
        if (number >= smf.tracks.size()) return std::nullopt;
        auto notes = without_drums(notes_of(smf.tracks[number]));
        if (notes.empty()) return std::nullopt;
        return Voice{number, std::nullopt, smf.tracks[number].name, std::move(notes)};
    }
    if (number < 1 || number > 16) return std::nullopt;
    const Channel channel{static_cast<std::uint8_t>(number - 1)};
    for (std::size_t t = 0; t < smf.tracks.size(); ++t) {
        auto notes = on_channel(without_drums(notes_of(smf.tracks[t])), channel);
        if (!notes.empty()) return Voice{t, channel, smf.tracks[t].name, std::move(notes)};
    }
    return std::nullopt;
}

bool is_monotone(std::span<const SmfNote> notes) {
    constexpr std::size_t kFewestPitches = 3;
    constexpr double kLargestShare = 0.8;
    std::array<std::size_t, 128> counts{};
    for (const auto& note : notes) ++counts[note.pitch.count() % 128U];
    const auto pitches =
        counts.size() - static_cast<std::size_t>(std::count(counts.begin(), counts.end(), 0U));
    const auto most = static_cast<double>(*std::max_element(counts.begin(), counts.end()));
    return pitches < kFewestPitches || most > kLargestShare * static_cast<double>(notes.size());
}

Result<Voice> find_melody(const Smf& smf) {
    auto voices = voices_of(smf);
    std::erase_if(voices, [](const Voice& voice) { return voice.notes.size() < kFewestNotes; });
    if (voices.empty())
        return fail(Error::Code::not_found, "no melody: no track has notes enough but drums");
    std::erase_if(voices, [](const Voice& voice) { return is_monotone(voice.notes); });
    if (voices.empty())
        return fail(Error::Code::not_found, "monotone: no track is more than one repeated note");
    SmfTime piece_end = 0;
    for (const auto& voice : voices)
        for (const auto& note : voice.notes) piece_end = std::max(piece_end, note.end);

    std::size_t best = 0;
    std::pair<int, double> highest{-1, 0.0};
    for (std::size_t v = 0; v < voices.size(); ++v) {
        // Voices of one divided track share its name, which then says nothing.
        const int claim = voices[v].channel ? 0 : claim_of(voices[v].name);
        const std::pair rank{claim, melodiousness(voices[v], piece_end)};
        if (rank > highest) {
            highest = rank;
            best = v;
        }
    }
    return std::move(voices[best]);
}

std::vector<SmfNote> skyline(const std::vector<SmfNote>& notes, std::uint16_t ticks_per_beat) {
    // A rolled chord is still a chord.
    const SmfTime together = ticks_per_beat / 24;
    std::vector<SmfNote> line;
    for (const auto& note : notes) {
        if (!line.empty()) {
            auto& last = line.back();
            const bool lower = note.pitch <= last.pitch;
            if (note.onset - last.onset <= together) {
                if (!lower) {
                    const auto onset = last.onset;
                    last = note;
                    last.onset = onset;
                }
                continue;
            }
            const SmfTime overlap = std::min(last.end, note.end) - note.onset;
            if (lower && overlap * 2 > note.end - note.onset) continue;
            last.end = std::min(last.end, note.onset);
        }
        line.push_back(note);
    }
    return line;
}

}  // namespace fusion

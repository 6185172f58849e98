#include "engine/train/band_parts.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace fusion::train {
namespace {

constexpr std::size_t kFewestNotes = 16;
constexpr std::uint8_t kFirstBass = 33, kLastBass = 40;  // programs
// What is lower than this on average and plays one note at a time is a bass (E3).
constexpr double kLowVoice = 52.0;
// Notes of a lowest line lie below this (G3), and are at most so far above what is lower nearby.
constexpr int kHighestFloor = 55;
constexpr int kAboveFloor = 2;
constexpr double kOneAtATime = 1.15;  // notes an onset, where a few are struck together
constexpr double kChords = 1.5;

// Program changes of a channel stand in any track of the file.
class Programs {
public:
    explicit Programs(const Smf& smf) {
        for (const auto& track : smf.tracks)
            for (const auto& [at, message] : track.messages)
                if (message.status() == 0xC0U)
                    changes_[message.bytes()[0] & 0x0FU][at] =
                        static_cast<std::uint8_t>(message.bytes()[1] + 1);
    }

    // 1 to 128; without a change a synth plays the first.
    [[nodiscard]] std::uint8_t at(const SmfNote& note) const {
        const auto& changes = changes_[note.channel.count()];
        const auto after = changes.upper_bound(note.onset);
        return after == changes.begin() ? std::uint8_t{1} : std::prev(after)->second;
    }

private:
    std::array<std::map<SmfTime, std::uint8_t>, 16> changes_;
};

// Notes of one channel of one track, under one kind of program.
struct Group {
    std::vector<SmfNote> notes;
    std::uint8_t program = 1;
    bool is_bass = false;

    [[nodiscard]] double notes_an_onset() const {
        std::size_t onsets = 0;
        for (std::size_t i = 0; i < notes.size(); ++i)
            onsets += i == 0 || notes[i].onset != notes[i - 1].onset ? 1 : 0;
        return static_cast<double>(notes.size()) /
               static_cast<double>(std::max<std::size_t>(1, onsets));
    }
    [[nodiscard]] double mean_pitch() const {
        double sum = 0.0;
        for (const auto& note : notes) sum += note.pitch.count();
        return sum / static_cast<double>(std::max<std::size_t>(1, notes.size()));
    }
};

bool by_onset(const SmfNote& a, const SmfNote& b) {
    return std::tuple{a.onset, a.pitch.count()} < std::tuple{b.onset, b.pitch.count()};
}

// "Bass", "SlapBass"; not "bassdrum04".
bool calls_itself_bass(std::string_view name) {
    std::string lower{name};
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower.find("bass") != std::string::npos && lower.find("drum") == std::string::npos &&
           lower.find("double") == std::string::npos;
}

// Timpani, percussion and effects have pitches in a file, but no part in the harmony.
bool has_pitch(std::uint8_t program) { return program != 48 && program < 113; }

// Programs that comp: keys, organs, guitars, strings, voices, pads, and the synthesisers that stand
// for all instruments in files that were made from other formats.
bool can_comp(std::uint8_t program) {
    return (program >= 1 && program <= 8) || (program >= 17 && program <= 32) ||
           (program >= 41 && program <= 56) || (program >= 62 && program <= 72) ||
           (program >= 81 && program <= 96);
}

std::vector<SmfNote> lowest_at_each_onset(const std::vector<SmfNote>& notes) {
    std::vector<SmfNote> line;
    for (const auto& note : notes)
        if (line.empty() || line.back().onset != note.onset) line.push_back(note);
    return line;
}

// What is lowest within a beat around it: the bass of a broken chord is its lowest note, the steps
// of a bass that walks in beats are all of them.
std::vector<SmfNote> floor_of(const std::vector<SmfNote>& notes, std::uint16_t ticks_per_beat) {
    const auto candidates = lowest_at_each_onset(notes);
    std::vector<SmfNote> line;
    std::size_t first = 0;
    for (const auto& note : candidates) {
        if (note.pitch.count() >= kHighestFloor) continue;
        while (candidates[first].onset + ticks_per_beat <= note.onset) ++first;
        bool lowest = true;
        for (auto i = first; i < candidates.size(); ++i) {
            if (candidates[i].onset >= note.onset + ticks_per_beat) break;
            lowest = lowest && note.pitch.count() <= candidates[i].pitch.count() + kAboveFloor;
        }
        if (lowest) line.push_back(note);
    }
    return line;
}

bool is_of(const Voice& lead, std::size_t track, Channel channel) {
    return lead.track == track && (!lead.channel || *lead.channel == channel);
}

class Sorting {
public:
    Sorting(const Smf& smf, const Voice& lead) : ticks_per_beat_{smf.ticks_per_beat} {
        const Programs programs{smf};
        std::map<std::tuple<std::size_t, std::uint8_t, bool>, Group> groups;
        for (std::size_t t = 0; t < smf.tracks.size(); ++t) {
            const bool named_bass = calls_itself_bass(smf.tracks[t].name);
            for (const auto& note : notes_of(smf.tracks[t])) {
                if (note.channel == kDrumChannel) {
                    parts_[2].notes.push_back(note);
                    continue;
                }
                const auto program = programs.at(note);
                const bool is_bass = named_bass || (program >= kFirstBass && program <= kLastBass);
                if (!is_bass && is_of(lead, t, note.channel)) continue;
                auto& group = groups[{t, note.channel.count(), is_bass}];
                group.notes.push_back(note);
                group.program = program;
                group.is_bass = is_bass;
            }
        }
        has_drums_ = !parts_[2].notes.empty();
        for (auto& [key, group] : groups) {
            std::ranges::sort(group.notes, by_onset);
            // A drum that has a track of its own is no bass.
            if (!is_monotone(group.notes) && has_pitch(group.program))
                groups_.push_back(std::move(group));
        }
    }

    std::array<FilePart, kBandParts> run() {
        take_bass();
        take_chords();
        for (auto& part : parts_) {
            std::ranges::sort(part.notes, by_onset);
            if (part.notes.size() < kFewestNotes) part = {};
        }
        return std::move(parts_);
    }

private:
    void take_bass() {
        auto& bass = parts_[0];
        // Of several basses the one that plays most: others double it.
        const Group* best = nullptr;
        for (const auto& group : groups_)
            if (group.is_bass && (best == nullptr || group.notes.size() > best->notes.size()))
                best = &group;
        if (best == nullptr || best->notes.size() < kFewestNotes) {
            best = nullptr;
            for (const auto& group : groups_)
                if (group.notes.size() >= kFewestNotes && group.notes_an_onset() <= kOneAtATime &&
                    group.mean_pitch() < kLowVoice &&
                    (best == nullptr || group.mean_pitch() < best->mean_pitch()))
                    best = &group;
        }
        if (best == nullptr) return;
        bass = {lowest_at_each_onset(best->notes), best->program};
        const auto at = static_cast<std::size_t>(best - groups_.data());
        groups_.erase(groups_.begin() + static_cast<std::ptrdiff_t>(at));
    }

    void take_chords() {
        const Group* best = nullptr;
        for (const auto& group : groups_)
            if (!group.is_bass && can_comp(group.program) && group.notes.size() >= kFewestNotes &&
                group.notes_an_onset() >= kChords &&
                (best == nullptr || group.notes.size() > best->notes.size()))
                best = &group;
        Group chords;
        if (best != nullptr) {
            chords = *best;
        } else if (!has_drums_) {
            // Voices that play one note each make chords together.
            for (const auto& group : groups_)
                chords.notes.insert(chords.notes.end(), group.notes.begin(), group.notes.end());
            std::ranges::sort(chords.notes, by_onset);
            if (groups_.empty()) return;
            chords.program = groups_.front().program;
        }
        if (chords.notes.size() < kFewestNotes) return;
        if (parts_[0].notes.empty()) {
            parts_[0].notes = floor_of(chords.notes, ticks_per_beat_);
            std::vector<SmfNote> others;
            std::ranges::set_difference(chords.notes, parts_[0].notes, std::back_inserter(others),
                                        by_onset);
            chords.notes = std::move(others);
        }
        if (chords.notes.size() >= kFewestNotes)
            parts_[1] = {std::move(chords.notes), chords.program};
    }

    std::uint16_t ticks_per_beat_;
    bool has_drums_ = false;
    std::vector<Group> groups_;
    std::array<FilePart, kBandParts> parts_;
};

}  // namespace

std::array<FilePart, kBandParts> parts_of(const Smf& smf, const Voice& lead) {
    return Sorting{smf, lead}.run();
}

}  // namespace fusion::train

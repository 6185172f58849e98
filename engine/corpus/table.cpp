#include "engine/corpus/table.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include <fmt/format.h>

namespace fusion {
namespace {

struct Tally {
    std::array<std::size_t, 3> pieces{};  // by Split
    std::array<std::size_t, 3> events{};
    std::size_t rejected = 0;
    std::size_t rests = 0;     // events
    std::size_t sounding = 0;  // cells
    std::size_t at_home = 0;   // of them in the scale of C major and A minor

    void add(const EventSequence& line, const Vocabulary& vocabulary) {
        constexpr std::array<bool, 12> kWhite{true,  false, true,  false, true,  true,
                                              false, true,  false, true,  false, true};
        for (const auto id : line.events) {
            const auto& event = vocabulary[id];
            const auto cells = static_cast<std::size_t>(event.duration.count());
            rests += event.is_rest() ? 1 : 0;
            if (event.is_rest()) continue;
            sounding += cells;
            if (kWhite[event.pitch->count() % 12U]) at_home += cells;
        }
    }

    Tally& operator+=(const Tally& other) {
        for (std::size_t i = 0; i < 3; ++i) {
            pieces[i] += other.pieces[i];
            events[i] += other.events[i];
        }
        rejected += other.rejected;
        rests += other.rests;
        sounding += other.sounding;
        at_home += other.at_home;
        return *this;
    }
};

std::string percent(std::size_t part, std::size_t whole) {
    if (whole == 0) return "-";
    return fmt::format("{:.1f}%", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string row(std::string_view name, const Tally& tally, const std::string& coverage) {
    const auto& [train, validation, test] = tally.pieces;
    const auto events = tally.events[0] + tally.events[1] + tally.events[2];
    return fmt::format("{:<14} {:>7} {:>9} {:>9} {:>7} {:>7} {:>9} {:>9} {:>7} {:>9} {:>9}\n", name,
                       train + validation + test, events, train, validation, test, tally.events[2],
                       coverage, percent(tally.rests, events),
                       percent(tally.at_home, tally.sounding), tally.rejected);
}

std::string_view genre_of(std::string_view name) { return name.substr(0, name.find('/')); }

// What happened to how many files of which genres, and one it happened to.
class Reasons {
public:
    void add(std::string_view file, const std::string& kind, std::string_view all) {
        auto& reason = reasons_[kind];
        if (++reason.count == 1) reason.example = fmt::format("{}: {}", file, all);
        ++reason.by_genre[genre_of(file)];
    }

    [[nodiscard]] std::string lines(std::string_view what) const {
        std::string text;
        for (const auto& [kind, reason] : reasons_) {
            text +=
                fmt::format("{:<8} {:>4}  {} (as {}):", what, reason.count, kind, reason.example);
            for (const auto& [genre, count] : reason.by_genre)
                text += fmt::format(" {} {}", genre, count);
            text += '\n';
        }
        return text;
    }

private:
    struct Reason {
        std::size_t count = 0;
        std::string example;
        std::map<std::string_view, std::size_t> by_genre;
    };
    std::map<std::string, Reason> reasons_;
};

constexpr std::string_view kChordRow = "{:<14} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}\n";

// Where the chords come from, and how well the estimate does where markers say what is right.
std::string chord_table(const DataSet& data) {
    std::string text = fmt::format(kChordRow, "chords", "marked", "voices", "melody", "estimated",
                                   "in files", "half bars", "root", "and third");
    for (std::size_t g = 0; g < data.genres.size(); ++g) {
        std::array<std::size_t, kChordSources> lines{};
        for (const auto& piece : data.pieces)
            if (piece.genre == g) ++lines[static_cast<std::size_t>(piece.chords.source)];
        bool first = true;
        const auto add = [&](std::string_view evidence, const ChordAgreement& agreement) {
            const auto count = [&](ChordSource source) {
                return first ? std::to_string(lines[static_cast<std::size_t>(source)]) : "";
            };
            text += fmt::format(kChordRow, first ? data.genres[g] : "", count(ChordSource::markers),
                                count(ChordSource::voices), count(ChordSource::melody), evidence,
                                agreement.files, agreement.half_bars,
                                percent(agreement.same_root, agreement.half_bars),
                                percent(agreement.same_root_and_third, agreement.half_bars));
            first = false;
        };
        constexpr std::array<std::string_view, 2> kEvidence{"by voices", "by melody"};
        for (std::size_t e = 0; e < kEvidence.size() && g < data.chord_agreements.size(); ++e)
            if (const auto& agreement = data.chord_agreements[g][e]; agreement.files > 0)
                add(kEvidence[e], agreement);
        if (first) add("-", {});
    }
    Reasons unreadable;
    for (const auto& [name, count, why] : data.unreadable_chords)
        unreadable.add(name, "chord markers that are no chords",
                       fmt::format("{}, {} of them", why, count));
    return text + unreadable.lines("skipped");
}

}  // namespace

std::string describe(const DataSet& data) {
    std::vector<Tally> tallies(data.genres.size());
    for (const auto& piece : data.pieces) {
        auto& tally = tallies[piece.genre];
        const auto split = static_cast<std::size_t>(piece.split);
        ++tally.pieces[split];
        tally.events[split] += piece.line.size();
        tally.add(piece.line, data.vocabulary);
    }
    Reasons rejected;
    for (const auto& [name, reason] : data.rejected) {
        const auto genre = std::find(data.genres.begin(), data.genres.end(), genre_of(name));
        if (genre != data.genres.end())
            ++tallies[static_cast<std::size_t>(genre - data.genres.begin())].rejected;
        // What follows a colon is about that one file.
        rejected.add(name, reason.substr(0, reason.find(':')), reason);
    }
    Reasons mended;
    for (const auto& [name, kind, where] : data.mended)
        mended.add(name, std::string{kind}, fmt::format("{}: {}", kind, where));

    std::string text =
        fmt::format("{:<14} {:>7} {:>9} {:>9} {:>7} {:>7} {:>9} {:>9} {:>7} {:>9} {:>9}\n", "genre",
                    "lines", "events", "training", "valid.", "test", "test ev.", "coverage",
                    "rests", "in scale", "rejected");
    Tally sum;
    for (std::size_t g = 0; g < data.genres.size(); ++g) {
        text += row(data.genres[g], tallies[g], fmt::format("{:.2f}%", 100.0 * data.coverage[g]));
        sum += tallies[g];
    }
    text += row("all", sum, "");
    text += fmt::format("vocabulary {} events, split seed {}, digest {}\n", data.vocabulary.size(),
                        data.split_seed, data.digest);
    text += rejected.lines("rejected");
    text += mended.lines("mended");
    return text + chord_table(data);
}

}  // namespace fusion

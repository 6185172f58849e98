#include "engine/train/band_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "engine/train/band_habits.hpp"
#include "engine/train/band_likeness.hpp"
#include "engine/train/band_tones.hpp"

namespace fusion::train {
namespace {

constexpr std::size_t kFewestBars = 4;    // of a piece that has the part
constexpr std::size_t kFewestPieces = 2;  // that have a bar of that length
constexpr std::uint8_t kShortestBar = 18;
constexpr std::size_t kOfOnePiece = 3;     // patterns that one piece alone has
constexpr std::size_t kMostLeaders = 600;  // that others are merged into
constexpr std::size_t kFewestNotes = 2;
constexpr std::size_t kFewestHits = 3, kMostHits = 36;
constexpr std::uint8_t kAllVoices = 0b1111;
constexpr double kSomethingLike = 0.5;  // of two bars

struct Key {
    std::uint8_t bar;
    PatternRole role;
    std::vector<std::array<int, 3>> notes;  // place, what, octave
    friend auto operator<=>(const Key&, const Key&) = default;
};

struct Sum {
    double length = 0.0;
    double velocity = 0.0;
};

struct Seen {
    std::vector<BandNote> notes;
    std::map<std::size_t, std::size_t> by_piece;
    std::vector<Sum> sums;  // by note
    std::size_t times = 0;

    [[nodiscard]] std::size_t capped() const {
        std::size_t sum = 0;
        for (const auto& [piece, count] : by_piece) sum += std::min(count, kMostOfAPiece);
        return sum;
    }
};

Key key_of(std::uint8_t bar, PatternRole role, const std::vector<BandNote>& notes) {
    Key key{bar, role, {}};
    for (const auto& note : notes) key.notes.push_back({note.place, note.what, note.octave});
    return key;
}

BandPattern pattern_of(const Key& key, const Seen& seen) {
    BandPattern pattern{key.bar, key.role, PatternOrigin::learned, 1, {}};
    const auto times = static_cast<double>(seen.times);
    for (std::size_t n = 0; n < key.notes.size(); ++n) {
        const auto& [place, what, octave] = key.notes[n];
        pattern.notes.push_back(
            {static_cast<std::uint8_t>(place),
             static_cast<std::uint8_t>(std::lround(seen.sums[n].length / times)),
             static_cast<std::uint8_t>(what), static_cast<std::int8_t>(octave),
             static_cast<std::uint8_t>(std::lround(seen.sums[n].velocity / times))});
    }
    return pattern;
}

// Kicks, snares and toms: hats alone lead in or out.
bool is_drum(std::uint8_t key) {
    return key == 35 || key == 36 || key == 38 ||
           (key >= 40 && key <= 50 && key != 42 && key != 44 && key != 46 && key != 49);
}

// Sixteenths and triplets in one bar are mostly an ornament, or a hand that was late.
bool has_two_grids(const std::vector<BandNote>& notes) {
    const auto off = [&](int grid) {
        return std::ranges::any_of(notes,
                                   [&](const BandNote& note) { return note.place % grid != 0; });
    };
    return off(3) && off(4);
}

// What may be drawn at any bar of any piece of the genre. Drums are several instruments. A bass
// says the chord on the first beat, by its root or third: what is held over from the bar before, or
// is an inversion that led somewhere, would be a mistake elsewhere. A single stroke opens the bar
// and lasts.
bool is_pattern(const SheetBar& bar, BandPart part) {
    // A bar that begins with a crash lacks what is played there at other times.
    if (bar.cells == 0 || !bar.whole || bar.crash || bar.notes.empty()) return false;
    if (has_two_grids(bar.notes)) return false;
    const auto& notes = bar.notes;
    const auto& first = notes.front();
    const bool lasts = first.place == 0 && first.length * 2 >= bar.cells;
    switch (part) {
        case BandPart::bass:
            return first.place == 0 && (notes.size() >= kFewestNotes || lasts) &&
                   (first.what == static_cast<std::uint8_t>(BassTone::root) ||
                    first.what == static_cast<std::uint8_t>(BassTone::third));
        case BandPart::chords:
            return notes.size() >= kFewestNotes || (lasts && first.what == kAllVoices);
        case BandPart::drums:
            return notes.size() >= kFewestHits && notes.size() <= kMostHits &&
                   std::ranges::any_of(notes, is_drum, &BandNote::what) &&
                   std::ranges::any_of(
                       notes, [&](auto key) { return key != first.what; }, &BandNote::what);
    }
    return false;
}

// Which of a broken chord's voices comes when changes from bar to bar while the figure stays.
PartSheet rhythm_of(PartSheet sheet) {
    for (auto& bar : sheet.bars)
        for (auto& note : bar.notes) note.what = kAllVoices;
    return sheet;
}

// Other bars than those of two, three and four beats are seldom asked for.
std::size_t most_of(const std::pair<std::uint8_t, PatternRole>& kind) {
    const bool usual = kind.first == 24 || kind.first == 36 || kind.first == 48;
    const auto most = kind.second == PatternRole::fill ? kMostFills : kMostGrooves;
    return usual ? most : most / 4;
}

class PartFit {
public:
    explicit PartFit(std::size_t part) : part_{part} {}

    void add(std::size_t piece, const PartSheet& sheet) {
        const auto sounding = std::ranges::count_if(
            sheet.bars, [](const SheetBar& bar) { return !bar.notes.empty(); });
        if (static_cast<std::size_t>(sounding) < kFewestBars) return;
        ++pieces_;
        ++programs_[sheet.program];
        const bool drums = part_ == static_cast<std::size_t>(BandPart::drums);
        const auto fills = drums ? fills_of(sheet) : std::vector<bool>{};
        habits_.add(part_ == static_cast<std::size_t>(BandPart::chords) ? rhythm_of(sheet) : sheet,
                    fills);
        for (std::size_t i = 0; i < sheet.bars.size(); ++i) {
            const auto& bar = sheet.bars[i];
            if (bar.notes.empty()) continue;
            ++bars_;
            const bool fill = drums && fills[i];
            count(piece, bar, fill ? PatternRole::fill : PatternRole::groove);
            if (!bar.two || fill) continue;
            for (const int from : {0, 24}) count(piece, half_of(bar, from), PatternRole::groove);
        }
    }

    PartBook book() const {
        PartBook book;
        book.habits = habits_.habits();
        std::size_t most = 0;
        for (const auto& [program, pieces] : programs_)
            if (pieces > most && program > 0) {
                most = pieces;
                book.program = program;
            }
        // Where most have no program of their own the part's usual one will do.
        if (const auto none = programs_.find(0);
            none != programs_.end() && none->second > pieces_ / 2)
            book.program = 0;
        std::map<std::pair<std::uint8_t, PatternRole>, std::vector<const Entry*>> kinds;
        for (const auto& entry : seen_)
            kinds[{entry.first.bar, entry.first.role}].push_back(&entry);
        for (auto& [kind, entries] : kinds) {
            std::set<std::size_t> pieces;
            for (const auto* entry : entries)
                for (const auto& [piece, count] : entry->second.by_piece) pieces.insert(piece);
            if (kind.first < kShortestBar || pieces.size() < kFewestPieces) continue;
            for (auto& pattern : chosen(entries, most_of(kind)))
                book.patterns.push_back(std::move(pattern));
        }
        return book;
    }

    [[nodiscard]] std::size_t pieces() const { return pieces_; }
    [[nodiscard]] std::size_t bars() const { return bars_; }

private:
    using Entry = std::pair<const Key, Seen>;

    SheetBar half_of(const SheetBar& bar, int from) const {
        SheetBar half{24, {}, false, false, bar.whole};
        for (auto note : bar.notes)
            if (note.place >= from && note.place < from + 24) {
                note.place = static_cast<std::uint8_t>(note.place - from);
                half.notes.push_back(note);
            }
        if (part_ == static_cast<std::size_t>(BandPart::bass)) settle_octaves(half.notes);
        return half;
    }

    void count(std::size_t piece, const SheetBar& bar, PatternRole role) {
        if (!is_pattern(bar, static_cast<BandPart>(part_))) return;
        auto& seen = seen_[key_of(bar.cells, role, bar.notes)];
        if (seen.times == 0) seen.notes = bar.notes;
        ++seen.by_piece[piece];
        ++seen.times;
        seen.sums.resize(bar.notes.size());
        for (std::size_t n = 0; n < bar.notes.size(); ++n) {
            seen.sums[n].length += bar.notes[n].length;
            seen.sums[n].velocity += bar.notes[n].velocity;
        }
    }

    static std::vector<BandPattern> chosen(std::vector<const Entry*> entries, std::size_t most) {
        std::ranges::stable_sort(entries, [](const Entry* a, const Entry* b) {
            return std::tuple{b->second.by_piece.size(), b->second.capped()} <
                   std::tuple{a->second.by_piece.size(), a->second.capped()};
        });
        struct Leader {
            BandPattern pattern;
            std::map<std::size_t, std::size_t> by_piece;
            std::size_t times = 0;
            std::size_t capped = 0;  // the same, of a piece kMostOfAPiece at most
            double typical = 0.0;
        };
        std::vector<Leader> leaders;
        for (const Entry* entry : entries) {
            auto pattern = pattern_of(entry->first, entry->second);
            auto nearest = std::ranges::find_if(leaders, [&](const Leader& leader) {
                return likeness(leader.pattern.notes, pattern.notes) >= kSameBar;
            });
            if (nearest == leaders.end()) {
                if (leaders.size() == kMostLeaders) continue;
                leaders.push_back({std::move(pattern), {}, 0, 0, 0.0});
                nearest = std::prev(leaders.end());
            }
            for (const auto& [piece, count] : entry->second.by_piece)
                nearest->by_piece[piece] += count;
        }
        for (auto& leader : leaders)
            for (const auto& [piece, count] : leader.by_piece) {
                leader.times += count;
                leader.capped += std::min(count, kMostOfAPiece);
            }
        for (auto& leader : leaders) {
            std::map<std::size_t, double> nearest;  // by piece
            for (const Entry* entry : entries) {
                const double like = likeness(leader.pattern.notes, entry->second.notes);
                if (like < kSomethingLike) continue;
                for (const auto& [piece, count] : entry->second.by_piece)
                    nearest[piece] = std::max(nearest[piece], like);
            }
            for (const auto& [piece, like] : nearest) leader.typical += like;
        }
        std::ranges::stable_sort(leaders, [](const Leader& a, const Leader& b) {
            return std::tuple{b.by_piece.size(), b.typical, b.capped} <
                   std::tuple{a.by_piece.size(), a.typical, a.capped};
        });
        std::vector<BandPattern> best;
        std::map<std::size_t, std::size_t> alone;  // by piece: those that it alone has
        for (auto& leader : leaders) {
            if (best.size() == most) break;
            if (leader.pattern.role == PatternRole::groove && leader.times < 2) continue;
            if (leader.by_piece.size() == 1 &&
                ++alone[leader.by_piece.begin()->first] > kOfOnePiece)
                continue;
            leader.pattern.times = static_cast<std::uint16_t>(
                std::min<std::size_t>(leader.capped, std::numeric_limits<std::uint16_t>::max()));
            best.push_back(std::move(leader.pattern));
        }
        return best;
    }

    std::size_t part_;
    std::map<Key, Seen> seen_;
    std::map<std::uint8_t, std::size_t> programs_;
    HabitCount habits_;
    std::size_t pieces_ = 0;
    std::size_t bars_ = 0;
};

float at_share(const std::vector<double>& sorted, double share) {
    if (sorted.empty()) return 0.0F;
    const auto last = static_cast<double>(sorted.size() - 1);
    return static_cast<float>(sorted[static_cast<std::size_t>(std::lround(share * last))]);
}

}  // namespace

FittedBand fit_band(const std::vector<BandSheet>& pieces) {
    FittedBand fitted;
    std::map<std::string, std::size_t> first_of;  // by cluster
    std::vector<std::size_t> counts_as(pieces.size());
    for (std::size_t i = 0; i < pieces.size(); ++i)
        counts_as[i] = pieces[i].cluster.empty()
                           ? i
                           : first_of.try_emplace(pieces[i].cluster, i).first->second;
    for (std::size_t p = 0; p < kBandParts; ++p) {
        PartFit fit{p};
        for (std::size_t i = 0; i < pieces.size(); ++i) fit.add(counts_as[i], pieces[i].parts[p]);
        fitted.band.parts[p] = fit.book();
        fitted.pieces[p] = fit.pieces();
        fitted.bars[p] = fit.bars();
    }
    std::vector<double> tempi, seconds;
    for (const auto& piece : pieces) {
        if (piece.tempo > 0.0) tempi.push_back(piece.tempo);
        if (piece.swing) seconds.push_back(*piece.swing);
        fitted.swung += piece.swing && piece.performed ? 1 : 0;
    }
    std::ranges::sort(tempi);
    std::ranges::sort(seconds);
    fitted.tempi = tempi.size();
    auto& style = fitted.band.style;
    style.slowest = at_share(tempi, 0.1);
    style.usual = at_share(tempi, 0.5);
    style.fastest = at_share(tempi, 0.9);
    // Of files that lie on the grid the eighths say how they were written, not how they swing.
    if (fitted.swung * 2 > seconds.size())
        style.swing = std::clamp(at_share(seconds, 0.5), 0.5F, 2.0F / 3.0F);
    return fitted;
}

}  // namespace fusion::train

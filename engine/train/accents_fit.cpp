#include "engine/train/accents_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace fusion::train {
namespace {

constexpr std::size_t kNeighbours = 16;  // to either side
constexpr double kLeastSpread = 2.0;     // MIDI velocities
constexpr double kLeastChanges = 0.5;    // share of notes that differ from the one before
// A line says what it says in some hundred notes; loops say it again and again. Without this the
// small genres learn their loops by heart (cinematic, held-out: correlation 0.19 instead of 0.25).
constexpr double kNotesThatCount = 100.0;
// In notes: a value that so many of them speak for goes half way from the common to the genre's
// own. 50 to 800 were tried, five-fold over training pieces; it hardly matters.
constexpr double kRidge = 200.0;
// All that was played in 3/4 are 4,600 notes of nine lines: a place's own word needs more of them.
constexpr double kPlaceRidge = 800.0;
// Where the accents explain next to nothing they are not blown up to the full spread.
constexpr double kLargestGain = 4.0;

// The columns of the linear model, in the order of GenreAccents' tables.
constexpr std::size_t kPlace = 0;
constexpr std::size_t kDuration = kPlace + kMeterClasses * kBarPositions;
constexpr std::size_t kAfterNote = kDuration + kDurationClasses;
constexpr std::size_t kAfterRest = kAfterNote + kDurationClasses;
constexpr std::size_t kInterval = kAfterRest + kDurationClasses;
constexpr std::size_t kHeight = kInterval + kIntervalClasses;
// What a place weighs in any metre; it is added to kPlace's columns in the end. So what two hundred
// pieces in 4/4 say of the first beat holds for the few in 3/4 too, until these say otherwise.
constexpr std::size_t kStress = kHeight + 1;
constexpr std::size_t kStresses = 5;
constexpr std::size_t kColumns = kStress + kStresses;

using Coefficients = std::vector<double>;  // (kColumns)

// A note's row: columns that are 1, and its height in octaves.
struct Row {
    std::array<std::size_t, 5> ones{};
    std::size_t count = 0;
    double height = 0.0;

    template <class Visit>
    void for_each(Visit&& visit) const {
        for (std::size_t i = 0; i < count; ++i) visit(ones[i], 1.0);
        visit(kHeight, height);
    }
};

struct Line {
    std::vector<Row> rows;
    std::vector<double> deviations;  // from the neighbourhood, MIDI velocities
    double mean = 0.0;               // velocity
    double spread = 0.0;             // standard deviation of `deviations`
    double changes = 0.0;

    [[nodiscard]] bool played() const { return spread >= kLeastSpread && changes >= kLeastChanges; }
};

AccentContext context_at(const DataSet& data, const EventSequence& line, std::size_t i) {
    return {data.vocabulary[line.events[i]],
            i == 0 ? nullptr : &data.vocabulary[line.events[i - 1]], line.positions[i],
            static_cast<MeterClass>(line.meters[i])};
}

// 0 the first beat, 1 the middle of the bar, 2 another beat, 3 half a beat, 4 what is finer.
std::size_t stress_at(MeterClass meter, std::size_t position) {
    if (position == 0) return 0;
    if (meter == MeterClass::compound) return position % 18 == 0 ? 1 : position % 6 == 0 ? 3 : 4;
    if (meter == MeterClass::quadruple && position == 24) return 1;
    return position % 12 == 0 ? 2 : position % 6 == 0 ? 3 : 4;
}

Row row_of(const AccentContext& at, double mean_pitch) {
    Row row;
    row.ones[row.count++] =
        kPlace + static_cast<std::size_t>(at.meter) * kBarPositions + at.position;
    row.ones[row.count++] = kStress + stress_at(at.meter, at.position);
    row.ones[row.count++] = kDuration + duration_class(at.note.duration);
    if (at.before == nullptr) {
        row.ones[row.count++] = kAfterRest + kDurationClasses - 1;
    } else if (at.before->is_rest()) {
        row.ones[row.count++] = kAfterRest + duration_class(at.before->duration);
    } else {
        row.ones[row.count++] = kAfterNote + duration_class(at.before->duration);
        row.ones[row.count++] = kInterval + interval_class(*at.before->pitch, *at.note.pitch);
    }
    row.height = std::clamp(at.note.pitch->count() - mean_pitch, -double{kFarthestPitch},
                            double{kFarthestPitch}) /
                 12.0;
    return row;
}

double mean_of(std::span<const double> values) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    return values.empty() ? 0.0 : sum / static_cast<double>(values.size());
}

double spread_of(std::span<const double> values) {
    const double mean = mean_of(values);
    double squares = 0.0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return values.empty() ? 0.0 : std::sqrt(squares / static_cast<double>(values.size()));
}

double median_of(std::vector<double> values) {
    if (values.empty()) return 0.0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::vector<double> beside_neighbours(std::span<const double> velocities) {
    std::vector<double> sums{0.0};
    for (const double v : velocities) sums.push_back(sums.back() + v);
    std::vector<double> deviations;
    for (std::size_t i = 0; i < velocities.size(); ++i) {
        const auto from = i - std::min(i, kNeighbours);
        const auto to = std::min(velocities.size(), i + kNeighbours + 1);
        deviations.push_back(velocities[i] -
                             (sums[to] - sums[from]) / static_cast<double>(to - from));
    }
    return deviations;
}

Line line_of(const DataSet& data, const EventSequence& events) {
    std::vector<double> velocities;
    std::vector<double> pitches;
    std::vector<AccentContext> contexts;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto at = context_at(data, events, i);
        if (at.note.is_rest()) continue;
        contexts.push_back(at);
        velocities.push_back(events.velocities[i]);
        pitches.push_back(at.note.pitch->count());
    }
    Line line;
    line.deviations = beside_neighbours(velocities);
    line.mean = mean_of(velocities);
    line.spread = spread_of(line.deviations);
    std::size_t changes = 0;
    for (std::size_t i = 1; i < velocities.size(); ++i)
        changes += velocities[i] != velocities[i - 1] ? 1 : 0;
    if (velocities.size() > 1)
        line.changes = static_cast<double>(changes) / static_cast<double>(velocities.size() - 1);
    // A line's own height is its register, not an accent.
    const double mean_pitch = mean_of(pitches);
    for (const auto& at : contexts) line.rows.push_back(row_of(at, mean_pitch));
    return line;
}

// The sums of least squares over lines, each with a mean of its own and in units of its spread.
class Sums {
public:
    void add(const Line& line) {
        const auto notes = static_cast<double>(line.rows.size());
        const double weight = std::min(1.0, kNotesThatCount / notes);
        Coefficients means(kColumns, 0.0);
        for (const Row& row : line.rows)
            row.for_each([&](std::size_t a, double value) { means[a] += value / notes; });
        const double y_mean = mean_of(line.deviations);
        for (std::size_t i = 0; i < line.rows.size(); ++i) {
            const double y = (line.deviations[i] - y_mean) / line.spread;
            line.rows[i].for_each([&](std::size_t a, double value_a) {
                right_[a] += weight * value_a * y;
                line.rows[i].for_each([&](std::size_t b, double value_b) {
                    left_[a * kColumns + b] += weight * value_a * value_b;
                });
            });
        }
        for (std::size_t a = 0; a < kColumns; ++a) {
            if (means[a] == 0.0) continue;
            for (std::size_t b = 0; b < kColumns; ++b)
                left_[a * kColumns + b] -= weight * notes * means[a] * means[b];
        }
    }

    void add(const Sums& other) {
        for (std::size_t i = 0; i < left_.size(); ++i) left_[i] += other.left_[i];
        for (std::size_t i = 0; i < right_.size(); ++i) right_[i] += other.right_[i];
    }

    // The minimum of the squares + ridge * |coefficients - towards|².
    [[nodiscard]] Coefficients solve(const Coefficients& towards) const {
        auto lower = left_;
        auto x = right_;
        for (std::size_t a = 0; a < kColumns; ++a) {
            const double ridge = a < kDuration ? kPlaceRidge : kRidge;
            lower[a * kColumns + a] += ridge;
            x[a] += ridge * towards[a];
        }
        // Cholesky: the ridge makes the matrix positive definite.
        for (std::size_t a = 0; a < kColumns; ++a) {
            for (std::size_t b = 0; b <= a; ++b) {
                double sum = lower[a * kColumns + b];
                for (std::size_t k = 0; k < b; ++k)
                    sum -= lower[a * kColumns + k] * lower[b * kColumns + k];
                lower[a * kColumns + b] = a == b ? std::sqrt(sum) : sum / lower[b * kColumns + b];
            }
        }
        for (std::size_t a = 0; a < kColumns; ++a) {
            for (std::size_t k = 0; k < a; ++k) x[a] -= lower[a * kColumns + k] * x[k];
            x[a] /= lower[a * kColumns + a];
        }
        for (std::size_t a = kColumns; a-- > 0;) {
            for (std::size_t k = a + 1; k < kColumns; ++k) x[a] -= lower[k * kColumns + a] * x[k];
            x[a] /= lower[a * kColumns + a];
        }
        return x;
    }

private:
    std::vector<double> left_ = std::vector<double>(kColumns * kColumns, 0.0);
    Coefficients right_ = Coefficients(kColumns, 0.0);
};

// What is known of a genre's training lines before anything is fitted.
struct Heard {
    Sums sums;
    std::vector<double> spreads;  // of played lines, a share of the mean velocity
    double pitch_sum = 0.0;
    std::size_t notes = 0;
};

Thousandths rounded(double share) {
    return static_cast<Thousandths>(
        std::lround(std::clamp(share * 1000.0, -double{kLargestAccent}, double{kLargestAccent})));
}

GenreAccents scaled(const Coefficients& fitted, double scale, Pitch mean_pitch) {
    GenreAccents genre;
    genre.mean_pitch = mean_pitch;
    const auto copy = [&](auto& table, std::size_t from) {
        for (std::size_t i = 0; i < table.size(); ++i) table[i] = rounded(scale * fitted[from + i]);
    };
    for (std::size_t i = 0; i < genre.by_place.size(); ++i) {
        const auto stress =
            stress_at(static_cast<MeterClass>(i / kBarPositions), i % kBarPositions);
        genre.by_place[i] = rounded(scale * (fitted[kPlace + i] + fitted[kStress + stress]));
    }
    copy(genre.by_duration, kDuration);
    copy(genre.after_note, kAfterNote);
    copy(genre.after_rest, kAfterRest);
    copy(genre.by_interval, kInterval);
    genre.by_octave = rounded(scale * fitted[kHeight]);
    return genre;
}

class AccentsFit {
public:
    explicit AccentsFit(const DataSet& data) : data_{data}, heard_(data.genres.size()) {
        result_.material.resize(data.genres.size());
    }

    FittedAccents run() {
        for (const Piece& piece : data_.pieces)
            if (piece.split == Split::training) hear(piece);
        std::vector<double> all_spreads;
        Sums all;
        for (const auto& heard : heard_) {
            all_spreads.insert(all_spreads.end(), heard.spreads.begin(), heard.spreads.end());
            all.add(heard.sums);
        }
        if (all_spreads.empty()) return std::move(result_);
        const auto common = all.solve(Coefficients(kColumns, 0.0));
        const double common_spread = median_of(all_spreads);
        for (std::size_t g = 0; g < heard_.size(); ++g) {
            auto& material = result_.material[g];
            material.own = material.played_lines >= kFewestPlayedLines;
            material.real_spread = median_of(heard_[g].spreads);
            set_genre(g, material.own ? heard_[g].sums.solve(common) : common,
                      material.own ? material.real_spread : common_spread);
        }
        return std::move(result_);
    }

private:
    void hear(const Piece& piece) {
        auto& heard = heard_[piece.genre];
        auto& material = result_.material[piece.genre];
        const auto line = line_of(data_, piece.line);
        ++material.lines;
        for (const EventId id : piece.line.events) {
            const auto& event = data_.vocabulary[id];
            if (event.is_rest()) continue;
            heard.pitch_sum += event.pitch->count();
            ++heard.notes;
        }
        if (!line.played()) return;
        ++material.played_lines;
        material.played_notes += line.rows.size();
        heard.sums.add(line);
        heard.spreads.push_back(line.spread / line.mean);
    }

    // Brings the accents to the spread that is to be heard and their mean to none, as measured on
    // all lines of the genre.
    void set_genre(std::size_t g, const Coefficients& fitted, double real_spread) {
        const auto& heard = heard_[g];
        const double mean = heard.notes == 0 ? double{GenreAccents{}.mean_pitch.count()}
                                             : heard.pitch_sum / static_cast<double>(heard.notes);
        const Pitch mean_pitch{static_cast<std::uint8_t>(std::lround(mean))};
        // In thousandths of the lines' deviation first: what the fit says by itself.
        const double bare = spread_of(accents(g, scaled(fitted, real_spread, mean_pitch)));
        const double gain =
            bare > 0.0 ? std::min(kHeardShare * real_spread / bare, kLargestGain) : 0.0;
        auto genre = scaled(fitted, gain * real_spread, mean_pitch);
        genre.base = rounded(-mean_of(accents(g, genre)));
        result_.material[g].model_spread = spread_of(accents(g, genre));
        result_.model.genres.push_back(genre);
    }

    std::vector<double> accents(std::size_t g, const GenreAccents& genre) const {
        std::vector<double> found;
        for (const Piece& piece : data_.pieces) {
            if (piece.genre != g || piece.split != Split::training) continue;
            for (std::size_t i = 0; i < piece.line.size(); ++i)
                if (const auto at = context_at(data_, piece.line, i); !at.note.is_rest())
                    found.push_back(double{accent_of(genre, at)});
        }
        return found;
    }

    const DataSet& data_;
    std::vector<Heard> heard_;
    FittedAccents result_;
};

}  // namespace

FittedAccents fit_accents(const DataSet& data) { return AccentsFit{data}.run(); }

std::vector<AccentScore> score_accents(const AccentModel& model, const DataSet& data, Split split) {
    struct Products {
        double both = 0.0, real = 0.0, said = 0.0;
    };
    std::vector<AccentScore> scores(data.genres.size());
    std::vector<Products> products(data.genres.size());
    std::vector<std::vector<double>> spreads(data.genres.size());
    for (const Piece& piece : data.pieces) {
        if (piece.split != split || piece.genre >= model.genres.size()) continue;
        const auto line = line_of(data, piece.line);
        if (!line.played()) continue;
        std::vector<double> said;
        for (std::size_t i = 0; i < piece.line.size(); ++i)
            if (const auto at = context_at(data, piece.line, i); !at.note.is_rest())
                said.push_back(double{accent_of(model.genres[piece.genre], at)});
        const double said_mean = mean_of(said);
        const double real_mean = mean_of(line.deviations);
        auto& sums = products[piece.genre];
        for (std::size_t i = 0; i < said.size(); ++i) {
            const double s = said[i] - said_mean;
            const double r = (line.deviations[i] - real_mean) / line.spread;
            sums.both += s * r;
            sums.real += r * r;
            sums.said += s * s;
        }
        ++scores[piece.genre].lines;
        scores[piece.genre].notes += said.size();
        spreads[piece.genre].push_back(line.spread / line.mean);
    }
    for (std::size_t g = 0; g < scores.size(); ++g) {
        scores[g].real_spread = median_of(spreads[g]);
        const double size = std::sqrt(products[g].real * products[g].said);
        scores[g].correlation = size > 0.0 ? products[g].both / size : 0.0;
    }
    return scores;
}

}  // namespace fusion::train

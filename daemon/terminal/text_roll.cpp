#include "daemon/terminal/text_roll.hpp"

#include <algorithm>

#include "engine/music/note_name.hpp"

namespace fusion {
namespace {

constexpr Ticks kColumn{kTicksPerBeat.count() / 4};
constexpr int kLabels = 4;  // "C#4 "

int column_of(Ticks tick) {
    const auto whole = tick.count() / kColumn.count();
    return static_cast<int>(tick.count() % kColumn.count() < 0 ? whole - 1 : whole);
}

}  // namespace

// Which pitches and ticks lie where.
struct TextRoll::View {
    PageArea area;      // without the labels
    Ticks first{0};     // of the leftmost column
    int head = 0;       // column of the play head, from the left
    int highest = 127;  // pitch of the upper half of the top row

    [[nodiscard]] bool shows(const Note& note) const {
        return note.end > first && note.start < first + kColumn * area.columns;
    }
    void put(Picture& page, const Note& note, bool is_planned) const {
        const int above = highest - note.pitch.count();
        if (above < 0 || above >= 2 * area.rows) return;
        const int row = area.row + above / 2;
        const auto half = above % 2 == 0 ? U'▀' : U'▄';
        const auto other = above % 2 == 0 ? U'▄' : U'▀';
        const int from = std::max(column_of(note.start - first), 0);
        const int to = std::max(column_of(note.end - first + kColumn - Ticks{1}), from + 1);
        for (int i = from; i < std::min(to, area.columns); ++i) {
            if (i == head) continue;  // the play head's own
            const auto there = page.at(row, area.column + i).character;
            const auto character = there == other || there == U'█' ? U'█' : half;
            page.put(row, area.column + i, character, is_planned ? Ink::faint : Ink::accent);
        }
    }
};

void TextRoll::played(const PlayedEvent& event) {
    using enum PlayedEvent::Kind;
    if (event.kind == started && !played_.empty() && event.tick < played_.back().start)
        played_.clear();  // from the beginning
    if (event.kind != step) return;
    next_ = std::max(next_, event.line_at);
    if (event.step.kind != StepKind::note) return;
    if (!played_.empty() && event.step.start < played_.back().start) played_.clear();
    played_.push_back({event.step.start, event.step.start + event.step.gate, event.step.pitch});
    if (played_.size() > kKept) played_.pop_front();
}

void TextRoll::planned(const PlannedTail& tail) {
    planned_.clear();
    auto place = tail.first;
    for (const auto& step : tail.planned()) {
        if (step.kind == StepKind::note && place >= next_)
            planned_.push_back({step.start, step.start + step.duration, step.pitch});
        ++place.index;
    }
}

void TextRoll::draw(Picture& page, const PageArea& area, Ticks now, Meter meter) const {
    View view;
    view.area = {area.row, area.column + kLabels, area.rows, area.columns - kLabels};
    if (view.area.rows < 1 || view.area.columns < 8) return;
    view.head = view.area.columns * 2 / 3;
    view.first = Ticks{column_of(now) * kColumn.count()} - kColumn * view.head;

    int low = 127;
    int high = 0;
    const auto widen = [&](const std::deque<Note>& notes) {
        for (const auto& note : notes)
            if (view.shows(note)) {
                low = std::min<int>(low, note.pitch.count());
                high = std::max<int>(high, note.pitch.count());
            }
    };
    widen(played_);
    widen({planned_.begin(), planned_.end()});
    if (low > high) low = high = 60;
    // In the middle; where not all find room, the highest.
    view.highest = std::max(high + (2 * view.area.rows - (high - low + 1)) / 2, high);

    const auto bar = to_ticks(meter.bar());
    for (int row = 0; row < view.area.rows; ++row) {
        for (int i = 0; i < view.area.columns; ++i) {
            const auto tick = view.first + kColumn * i;
            if (i == view.head)
                page.put(view.area.row + row, view.area.column + i, U'│', Ink::now);
            else if (tick >= Ticks{0} && tick.count() % bar.count() < kColumn.count())
                page.put(view.area.row + row, view.area.column + i, U'┊', Ink::faint);
        }
        // The C of each octave, which musicians count from.
        for (const int pitch : {view.highest - 2 * row, view.highest - 2 * row - 1})
            if (pitch >= 0 && pitch <= 127 && pitch % 12 == 0)
                page.write(area.row + row, area.column,
                           note_name(Pitch{static_cast<std::uint8_t>(pitch)}), Ink::faint);
    }
    for (const auto& note : played_)
        if (view.shows(note)) view.put(page, note, false);
    for (const auto& note : planned_)
        if (view.shows(note)) view.put(page, note, true);
}

}  // namespace fusion

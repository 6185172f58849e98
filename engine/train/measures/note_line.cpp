#include "engine/train/measures/note_line.hpp"

#include <algorithm>
#include <cassert>

namespace fusion::train {
namespace {

NoteLine cut(const NoteLine& line, std::size_t begin, std::size_t end) {
    NoteLine part;
    part.notes.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
        part.notes.push_back(line.notes[i]);
        part.notes.back().onset = line.notes[i].onset - line.notes[begin].onset;
    }
    return part;
}

}  // namespace

Cells NoteLine::interonset(std::size_t i) const {
    return i + 1 < notes.size() ? notes[i + 1].onset - notes[i].onset : notes[i].duration;
}

Cells NoteLine::bar_start(std::size_t i) const { return notes[i].onset - Cells{notes[i].position}; }

NoteLine note_line(const EventSequence& line, const Vocabulary& vocabulary) {
    assert(line.positions.size() == line.size() && line.meters.size() == line.size());
    NoteLine out;
    Cells at{0};
    for (std::size_t i = 0; i < line.size(); ++i) {
        const Event& event = vocabulary[line.events[i]];
        if (!event.is_rest())
            out.notes.push_back({at, event.duration, *event.pitch, line.positions[i],
                                 static_cast<MeterClass>(line.meters[i])});
        at = at + event.duration;
    }
    return out;
}

std::vector<NoteLine> excerpts(const NoteLine& line, std::size_t notes) {
    assert(notes > 0);
    std::vector<NoteLine> parts;
    if (line.size() < notes && line.size() > 0 && 2 * line.size() >= notes) return {line};
    for (std::size_t at = 0; at + notes <= line.size(); at += notes)
        parts.push_back(cut(line, at, at + notes));
    return parts;
}

std::vector<NoteLine> excerpts(const NoteLine& line, Cells length) {
    assert(length > Cells{0});
    std::vector<NoteLine> parts;
    if (line.size() == 0) return parts;
    const Cells end = line.notes.back().onset + line.notes.back().duration;
    if (end < length) {
        if (2 * end.count() >= length.count()) parts.push_back(line);
        return parts;
    }
    std::size_t first = 0;
    for (Cells at = length; at <= end; at = at + length) {
        const auto begins_later = [&](const LineNote& note) { return note.onset >= at; };
        const auto last = static_cast<std::size_t>(
            std::find_if(line.notes.begin() + static_cast<std::ptrdiff_t>(first), line.notes.end(),
                         begins_later) -
            line.notes.begin());
        if (last > first) parts.push_back(cut(line, first, last));
        first = last;
    }
    return parts;
}

}  // namespace fusion::train

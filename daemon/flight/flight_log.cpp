#include "daemon/flight/flight_log.hpp"

#include <algorithm>

namespace fusion {
namespace {

// A line of a fixed length, filled with blanks.
void put_line(char* slot, std::size_t size, std::string_view line) {
    line = line.substr(0, size - 1);
    std::fill(std::copy(line.begin(), line.end(), slot), slot + size - 1, ' ');
    slot[size - 1] = '\n';
}

}  // namespace

// Value-initialised: touched, so that it grows no further.
FlightLog::FlightLog(std::size_t control_bytes)
    : controls_(control_bytes), notes_(kNotes * kNoteBytes) {}

void FlightLog::begin(std::string_view lines) {
    // release: partners of the acquires in pieces(). Nothing is better than halves of two.
    control_size_.store(0, std::memory_order_release);
    notes_written_.store(0, std::memory_order_release);
    ends_written_.store(0, std::memory_order_release);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    append(lines.substr(0, controls_.size() - kLastWord));
}

void FlightLog::append(std::string_view line) {
    const auto at = control_size_.load(std::memory_order_relaxed);
    std::copy(line.begin(), line.end(), controls_.begin() + static_cast<std::ptrdiff_t>(at));
    auto size = at + line.size();
    if (!line.ends_with('\n')) controls_[size++] = '\n';
    control_size_.store(size, std::memory_order_release);  // partner: pieces()
}

bool FlightLog::control(std::string_view line) {
    if (controls_used() + line.size() + 1 + kLastWord > controls_.size()) return false;
    append(line);
    return true;
}

void FlightLog::last_word(std::string_view line) {
    if (controls_used() + 2 > controls_.size()) return;
    append(line.substr(0, controls_.size() - controls_used() - 1));
}

void FlightLog::note(std::string_view line) {
    const auto written = notes_written_.load(std::memory_order_relaxed);
    put_line(notes_.data() + written % kNotes * kNoteBytes, kNoteBytes, line);
    notes_written_.store(written + 1, std::memory_order_release);  // partner: pieces()
}

void FlightLog::end(std::string_view line) {
    const auto written = ends_written_.load(std::memory_order_relaxed);
    put_line(ends_[written % 2].data(), kNoteBytes, line);
    ends_written_.store(written + 1, std::memory_order_release);  // partner: pieces()
}

std::array<std::string_view, FlightLog::kPieces> FlightLog::pieces() const noexcept {
    // acquire: partners of the releases above.
    const auto written = notes_written_.load(std::memory_order_acquire);
    const auto ended = ends_written_.load(std::memory_order_acquire);
    const auto from = written < kNotes ? 0 : written - kNotes + 1;
    const auto first = from % kNotes;
    const auto count = written - from;
    const auto to_the_end = std::min(count, kNotes - first);
    return {std::string_view{controls_.data(), control_size_.load(std::memory_order_acquire)},
            std::string_view{notes_.data() + first * kNoteBytes, to_the_end * kNoteBytes},
            std::string_view{notes_.data(), (count - to_the_end) * kNoteBytes},
            ended == 0 ? std::string_view{}
                       : std::string_view{ends_[(ended - 1) % 2].data(), kNoteBytes}};
}

std::string FlightLog::text() const {
    std::string text;
    for (const auto piece : pieces()) text += piece;
    return text;
}

}  // namespace fusion

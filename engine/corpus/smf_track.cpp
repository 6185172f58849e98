#include "engine/corpus/smf_track.hpp"

#include <algorithm>
#include <optional>

namespace fusion {
namespace {

constexpr std::uint8_t kMeta = 0xFF;
constexpr std::uint8_t kMetaName = 0x03;
constexpr std::uint8_t kMetaMarker = 0x06;
constexpr std::uint8_t kMetaEnd = 0x2F;
constexpr std::uint8_t kMetaTempo = 0x51;
constexpr std::uint8_t kMetaMeter = 0x58;
constexpr std::uint8_t kMetaSignature = 0x59;

// How often a track may lose its thread: past that its bytes are noise, and so would the notes be.
constexpr int kMostLost = 16;

constexpr bool is_status(std::uint8_t byte) { return byte >= 0x80; }
constexpr bool is_realtime(std::uint8_t byte) { return byte >= 0xF8 && byte != kMeta; }

// Data bytes behind a status from 0xF1 to 0xF6, as on a cable.
constexpr int system_data_bytes(std::uint8_t status) {
    return status == 0xF2 ? 2 : status == 0xF1 || status == 0xF3 ? 1 : 0;
}

// Reads forward and never past the end: there every read gives none.
class Cursor {
public:
    Cursor(std::span<const std::uint8_t> bytes, std::size_t at) : bytes_{bytes}, at_{at} {}

    [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }
    [[nodiscard]] std::size_t place() const { return at_; }
    void back_to(std::size_t place) { at_ = place; }

    [[nodiscard]] std::optional<std::uint8_t> peek() const {
        return at_end() ? std::nullopt : std::optional{bytes_[at_]};
    }
    std::optional<std::uint8_t> byte() {
        return at_end() ? std::nullopt : std::optional{bytes_[at_++]};
    }
    std::optional<std::span<const std::uint8_t>> take(std::size_t size) {
        if (size > bytes_.size() - at_) return std::nullopt;
        at_ += size;
        return bytes_.subspan(at_ - size, size);
    }

private:
    std::span<const std::uint8_t> bytes_;
    std::size_t at_;
};

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
    std::uint32_t value = 0;
    for (const auto byte : bytes) value = (value << 8U) | byte;
    return value;
}

std::string printable(std::span<const std::uint8_t> bytes) {
    std::string text;
    for (const auto byte : bytes.first(std::min(bytes.size(), kMaxSmfNameBytes)))
        text += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '?';
    return text;
}

class TrackReader {
public:
    TrackReader(Cursor cursor, SmfTrack& track, std::size_t& messages_left, mend::Mends& mends)
        : cursor_{cursor}, track_{track}, messages_left_{messages_left}, mends_{mends} {}

    TrackEnd read() {
        auto how = TrackEnd::How::silent;
        while (!cursor_.at_end()) {
            const auto delta = number();
            if (!delta) {
                how = TrackEnd::How::cut;
                break;
            }
            if (cursor_.at_end()) break;  // a delta with nothing after it says nothing
            now_ = track_.end + *delta;
            auto step = event();
            while (step == Step::lost && find_event()) step = event();
            if (step != Step::next) {
                how = step == Step::end   ? TrackEnd::How::said
                      : step == Step::cut ? TrackEnd::How::cut
                                          : TrackEnd::How::given_up;
                if (step == Step::end) track_.end = now_;
                break;
            }
            track_.end = now_;
        }
        return {how, cursor_.place()};
    }

private:
    enum class Step : std::uint8_t { next, end, cut, lost, full };

    // At most 28 bits, as the standard has it; leading zeros may make it longer.
    std::optional<std::uint32_t> number() {
        const auto from = cursor_.place();
        std::uint64_t value = 0;
        for (;;) {
            const auto next = cursor_.byte();
            if (!next) return std::nullopt;
            value = std::min<std::uint64_t>((value << 7U) | (*next & 0x7FU), kBeyondNumber);
            if (!is_status(*next)) break;
        }
        if (cursor_.place() - from > 4) mends_.add_at(mend::kLongNumber, from);
        // No silence is meant to last so long; the notes after it are.
        return value < kBeyondNumber ? static_cast<std::uint32_t>(value) : 0;
    }

    // Goes on to the next byte that can begin an event.
    bool find_event() {
        if (++times_lost_ > kMostLost) return false;
        while (!cursor_.at_end() && !is_status(*cursor_.peek())) cursor_.byte();
        return !cursor_.at_end();
    }

    Step event() {
        const auto from = cursor_.place();
        const auto first = *cursor_.peek();
        if (!is_status(first)) {
            if (running_ == 0) {
                mends_.add_at(mend::kNoEvent, from);
                return Step::lost;
            }
            // The standard ends running status there; many programs do not.
            if (interrupted_) mends_.add_at(mend::kRunning, from);
            return channel_message(running_);
        }
        cursor_.byte();
        if (first < 0xF0) {
            running_ = first;
            interrupted_ = false;
            return channel_message(first);
        }
        interrupted_ = interrupted_ || !is_realtime(first);
        if (first == kMeta) return meta();
        if (first == 0xF0 || first == 0xF7) return sysex();
        // A recorder that wrote down what came in by the cable.
        mends_.add_at(mend::kSystem, from);
        for (int i = 0; i < system_data_bytes(first); ++i)
            if (cursor_.peek() && !is_status(*cursor_.peek())) cursor_.byte();
        return Step::next;
    }

    // Clock bytes may stand anywhere, as on a cable.
    void pass_clock() {
        while (cursor_.peek() && is_realtime(*cursor_.peek())) {
            mends_.add_at(mend::kSystem, cursor_.place());
            cursor_.byte();
        }
    }

    // Whether a status stands where the next event should, if the next `size` bytes are the data of
    // this one.
    [[nodiscard]] bool in_step_after(std::size_t size) const {
        auto ahead = cursor_;
        const auto data = ahead.take(size);
        if (!data || std::any_of(data->begin() + 1, data->end(), is_status)) return false;
        for (int i = 0; i < 3 && ahead.peek() && is_status(*ahead.peek()); ++i) ahead.byte();
        ahead.byte();  // the last of a delta
        return ahead.at_end() || is_status(*ahead.peek());
    }

    Step channel_message(std::uint8_t status) {
        const std::size_t size = midi_length(status) - 1;  // of its data
        // A key or program that a program has let run out of its range: this one is lost, the next
        // stands where it should.
        if (cursor_.peek().value_or(0) > 0x7F && *cursor_.peek() != status && in_step_after(size)) {
            mends_.add_at(mend::kDataByte, cursor_.place());
            cursor_.take(size);
            return Step::next;
        }
        pass_clock();
        const auto first = cursor_.peek();
        if (!first) return Step::cut;
        if (is_status(*first)) {  // another event begins here
            mends_.add_at(mend::kNoEvent, cursor_.place());
            return Step::lost;
        }
        cursor_.byte();
        std::array<std::uint8_t, 3> bytes{status, *first};
        if (size == 2) {
            pass_clock();
            const auto second = cursor_.byte();
            if (!second) return Step::cut;
            // A loudness of 200 was meant to be loud.
            if (is_status(*second)) mends_.add_at(mend::kDataByte, cursor_.place() - 1);
            bytes[2] = std::min<std::uint8_t>(*second, 0x7F);
        }
        const auto message = MidiMessage::from(std::span{bytes}.first(size + 1));
        return message ? keep(track_.messages, {now_, *message}) : Step::lost;
    }

    Step sysex() {
        const auto from = cursor_.place();
        const auto size = number();
        if (size && cursor_.take(*size)) return Step::next;
        // Written as on a cable: no length, up to its F7.
        cursor_.back_to(from);
        for (;;) {
            const auto next = cursor_.byte();
            if (!next) return Step::cut;
            if (*next == 0xF7) break;
            if (is_status(*next) && !is_realtime(*next)) {
                cursor_.back_to(cursor_.place() - 1);
                break;
            }
        }
        mends_.add_at(mend::kSysex, from);
        return Step::next;
    }

    Step meta() {
        const auto type = cursor_.byte();
        const auto size = type ? number() : std::nullopt;
        const auto taken = size ? cursor_.take(*size) : std::nullopt;
        // An end of track that says no length is one all the same.
        if (type == kMetaEnd && cursor_.at_end()) return Step::end;
        if (!taken) return Step::cut;
        const auto body = *taken;
        if (type == kMetaEnd) return Step::end;
        if (type == kMetaName && track_.name.empty()) track_.name = printable(body);
        if (type == kMetaMarker) {
            const auto text = body.first(std::min(body.size(), kMaxSmfNameBytes));
            return keep(track_.markers, {now_, std::string{text.begin(), text.end()}});
        }
        if (type == kMetaTempo && body.size() == 3 && big_endian(body) > 0)
            return keep(track_.tempi, {now_, Bpm{60e6 / big_endian(body)}});
        if (type == kMetaMeter && body.size() >= 2) {
            const Meter meter{body[0],
                              static_cast<std::uint8_t>(1U << std::min<unsigned>(body[1], 7U))};
            // Beyond these it is no metre; the line goes on in the old one.
            const bool sane = meter.numerator >= 1 && meter.numerator <= 32 &&
                              meter.denominator <= 32 && meter.bar() > Cells{0};
            if (sane) return keep(track_.meters, {now_, meter});
        }
        if (type == kMetaSignature && !body.empty()) {
            const auto sharps = static_cast<std::int8_t>(body[0]);
            if (sharps >= -7 && sharps <= 7) return keep(track_.signatures, {now_, sharps});
        }
        return Step::next;
    }

    template <class T>
    Step keep(std::vector<T>& list, T value) {
        if (messages_left_ == 0) return full();
        --messages_left_;
        list.push_back(std::move(value));
        return Step::next;
    }

    Step full() {
        mends_.add(mend::kTooManyMessages, "only {} are read", kMaxSmfMessages);
        return Step::full;
    }

    static constexpr std::uint64_t kBeyondNumber = std::uint64_t{1} << 28U;

    Cursor cursor_;
    SmfTrack& track_;
    std::size_t& messages_left_;
    mend::Mends& mends_;
    SmfTime now_ = 0;
    std::uint8_t running_ = 0;
    bool interrupted_ = false;  // by what ends running status
    int times_lost_ = 0;
};

}  // namespace

TrackEnd read_track(std::span<const std::uint8_t> file, TrackExtent extent, SmfTrack& track,
                    std::size_t& messages_left, mend::Mends& mends) {
    return TrackReader{Cursor{file.first(extent.to), extent.from}, track, messages_left, mends}
        .read();
}

}  // namespace fusion

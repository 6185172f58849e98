#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#include "engine/corpus/smf.hpp"

namespace fusion {
namespace {

constexpr std::uint8_t kMeta = 0xFF;
constexpr std::uint8_t kMetaName = 0x03;
constexpr std::uint8_t kMetaEnd = 0x2F;
constexpr std::uint8_t kMetaTempo = 0x51;
constexpr std::uint8_t kMetaMeter = 0x58;
constexpr std::uint8_t kMetaSignature = 0x59;

// Reads forward and never past the end: once `ok()` is false, every read gives 0.
class Cursor {
public:
    Cursor(std::span<const std::uint8_t> bytes, std::size_t from) : bytes_{bytes}, from_{from} {}

    [[nodiscard]] bool ok() const { return fault_ == nullptr; }
    [[nodiscard]] const char* fault() const { return fault_; }
    [[nodiscard]] bool at_end() const { return at_ == bytes_.size(); }
    [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
    [[nodiscard]] std::size_t place() const { return from_ + at_; }
    void fail_with(const char* fault) {
        if (ok()) fault_ = fault;
    }

    std::uint8_t byte() {
        if (ok() && at_end()) fail_with("the track is cut off");
        return ok() ? bytes_[at_++] : std::uint8_t{0};
    }
    [[nodiscard]] std::uint8_t peek() const { return at_end() ? std::uint8_t{0} : bytes_[at_]; }

    std::uint8_t data_byte() {
        const auto value = byte();
        if (value > 0x7F) fail_with("a data byte is above 127");
        return value;
    }

    // At most four bytes: 0 to 0x0FFFFFFF.
    std::uint32_t variable_length() {
        std::uint32_t value = 0;
        for (int i = 0; i < 4; ++i) {
            const auto next = byte();
            value = (value << 7U) | (next & 0x7FU);
            if (next < 0x80) return ok() ? value : 0;
        }
        fail_with("a variable-length number has more than four bytes");
        return 0;
    }

    std::span<const std::uint8_t> take(std::size_t size) {
        if (ok() && size > left()) fail_with("a length runs past the end of the track");
        if (!ok()) return {};
        const auto taken = bytes_.subspan(at_, size);
        at_ += size;
        return taken;
    }

private:
    std::span<const std::uint8_t> bytes_;
    std::size_t from_;  // where `bytes_` begins in the file
    std::size_t at_ = 0;
    const char* fault_ = nullptr;
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
    TrackReader(Cursor cursor, std::size_t& messages_left)
        : cursor_{cursor}, messages_left_{messages_left} {}

    // The fault that ended the track early, if one did.
    std::optional<std::string> read(SmfTrack& track) {
        SmfTime now = 0;
        bool ended = false;
        // Some writers leave the end-of-track event out: the end of the chunk does as well.
        while (!ended && !cursor_.at_end()) {
            const SmfTime at = now + cursor_.variable_length();
            if (!cursor_.ok()) break;
            if (cursor_.at_end()) break;  // a delta with nothing after it says nothing
            ended = event(track, at);
            if (!cursor_.ok()) break;
            now = at;
        }
        track.end = now;
        if (cursor_.ok()) return std::nullopt;
        return fmt::format("{} (byte {})", cursor_.fault(), cursor_.place());
    }

private:
    bool event(SmfTrack& track, SmfTime at) {
        if (cursor_.peek() >= 0x80) status_ = cursor_.byte();
        if (status_ == kMeta) {
            status_ = 0;  // metas and sysex end running status
            return meta(track, at);
        }
        if (status_ >= 0xF0) {
            if (status_ != 0xF0 && status_ != 0xF7) cursor_.fail_with("an unknown kind of event");
            status_ = 0;
            cursor_.take(cursor_.variable_length());
            return false;
        }
        if (status_ < 0x80) {
            cursor_.fail_with("a data byte stands where an event should begin");
            return false;
        }
        channel_message(track, at);
        return false;
    }

    void channel_message(SmfTrack& track, SmfTime at) {
        const auto kind = status_ & 0xF0U;
        const bool one_data_byte = kind == 0xC0U || kind == 0xD0U;
        MidiMessage message{{status_, cursor_.data_byte(), 0}, 2};
        if (!one_data_byte) {
            message.bytes[2] = cursor_.data_byte();
            message.size = 3;
        }
        if (cursor_.ok() && messages_left_ == 0)
            cursor_.fail_with("the file holds more messages than any piece of music");
        if (!cursor_.ok()) return;
        --messages_left_;
        track.messages.push_back({at, message});
    }

    // True at the end of the track.
    bool meta(SmfTrack& track, SmfTime at) {
        const auto type = cursor_.byte();
        const auto body = cursor_.take(cursor_.variable_length());
        if (!cursor_.ok()) return false;
        if (type == kMetaEnd) {
            return true;
        } else if (type == kMetaName && track.name.empty()) {
            track.name = printable(body);
        } else if (type == kMetaTempo && body.size() == 3 && big_endian(body) > 0) {
            if (counted()) track.tempi.push_back({at, Bpm{60e6 / big_endian(body)}});
        } else if (type == kMetaMeter && body.size() >= 2) {
            const Meter meter{body[0],
                              static_cast<std::uint8_t>(1U << std::min<unsigned>(body[1], 7U))};
            // Beyond these it is no metre; the line goes on in the old one.
            const bool sane = meter.numerator >= 1 && meter.numerator <= 32 &&
                              meter.denominator <= 32 && meter.bar() > Cells{0};
            if (sane && counted()) track.meters.push_back({at, meter});
        } else if (type == kMetaSignature && !body.empty()) {
            const auto sharps = static_cast<std::int8_t>(body[0]);
            if (sharps >= -7 && sharps <= 7 && counted()) track.signatures.push_back({at, sharps});
        }
        return false;
    }

    bool counted() {
        if (messages_left_ == 0) return false;
        --messages_left_;
        return true;
    }

    Cursor cursor_;
    std::size_t& messages_left_;
    std::uint8_t status_ = 0;
};

}  // namespace

Result<Smf> read_smf(std::span<const std::uint8_t> bytes, std::string_view name) {
    using Code = Error::Code;
    const auto tag_is = [](std::span<const std::uint8_t> tag, std::string_view text) {
        return std::equal(tag.begin(), tag.end(), text.begin(), text.end());
    };
    if (bytes.size() > kMaxSmfBytes)
        return fail(Code::unsupported, fmt::format("{}: larger than {} MiB; split the piece", name,
                                                   kMaxSmfBytes >> 20U));
    if (bytes.size() < 14 || !tag_is(bytes.first(4), "MThd"))
        return fail(
            Code::malformed,
            fmt::format("{}: no Standard MIDI File (it does not begin with an MThd header)", name));
    const std::size_t header = big_endian(bytes.subspan(4, 4));
    if (header < 6 || header > bytes.size() - 8)
        return fail(Code::malformed,
                    fmt::format("{}: the header claims {} bytes (byte 4)", name, header));

    Smf smf;
    smf.format = static_cast<std::uint16_t>(big_endian(bytes.subspan(8, 2)));
    const auto division = big_endian(bytes.subspan(12, 2));
    if (smf.format > 2)
        return fail(Code::unsupported,
                    fmt::format("{}: format {} is not 0, 1 or 2 (byte 8)", name, smf.format));
    if ((division & 0x8000U) != 0)
        return fail(Code::unsupported,
                    fmt::format("{}: timed in SMPTE frames, which have no beats (byte 12); export "
                                "it again with ticks per quarter note",
                                name));
    if (division == 0)
        return fail(Code::malformed, fmt::format("{}: no ticks per beat (byte 12)", name));
    smf.ticks_per_beat = static_cast<std::uint16_t>(division);

    std::size_t messages_left = kMaxSmfMessages;
    std::size_t at = 8 + header;
    const auto damaged = [&](std::string what) {
        if (!smf.damage) smf.damage = std::move(what);
    };
    while (bytes.size() - at >= 8) {
        const auto tag = bytes.subspan(at, 4);
        const std::size_t claimed = big_endian(bytes.subspan(at + 4, 4));
        at += 8;
        const std::size_t size = std::min(claimed, bytes.size() - at);
        if (tag_is(tag, "MTrk")) {
            if (size < claimed)
                damaged(fmt::format("track {} is cut off (byte {})", smf.tracks.size(), at));
            smf.tracks.emplace_back();
            TrackReader reader{Cursor{bytes.subspan(at, size), at}, messages_left};
            if (auto fault = reader.read(smf.tracks.back()))
                damaged(fmt::format("track {}: {}", smf.tracks.size() - 1, *fault));
        }  // other chunks are for other programs
        at += size;
    }
    if (smf.tracks.empty())
        return fail(Code::malformed, fmt::format("{}: a header without tracks", name));
    const auto promised = big_endian(bytes.subspan(10, 2));
    if (promised > smf.tracks.size())
        damaged(fmt::format("{} of {} tracks are missing", promised - smf.tracks.size(), promised));
    return smf;
}

std::vector<SmfMeter> Smf::meters_of(std::size_t track) const {
    if (format == 2) return tracks[track].meters;
    std::vector<SmfMeter> all;
    for (const auto& each : tracks) all.insert(all.end(), each.meters.begin(), each.meters.end());
    std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.at < b.at; });
    // Notation programs repeat the metre in every track.
    all.erase(std::unique(all.begin(), all.end(), [](auto& a, auto& b) { return a.at == b.at; }),
              all.end());
    return all;
}

std::vector<SmfSignature> Smf::signatures_of(std::size_t track) const {
    std::vector<SmfSignature> all;
    for (std::size_t t = 0; t < tracks.size(); ++t)
        if (format != 2 || t == track)
            all.insert(all.end(), tracks[t].signatures.begin(), tracks[t].signatures.end());
    std::stable_sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.at < b.at; });
    all.erase(std::unique(all.begin(), all.end(), [](auto& a, auto& b) { return a.at == b.at; }),
              all.end());
    all.erase(
        std::unique(all.begin(), all.end(), [](auto& a, auto& b) { return a.sharps == b.sharps; }),
        all.end());
    return all;
}

std::vector<SmfNote> notes_of(const SmfTrack& track) {
    constexpr std::size_t kSilent = static_cast<std::size_t>(-1);
    std::vector<SmfNote> notes;
    std::vector<std::size_t> sounding(std::size_t{16} * 128, kSilent);
    const auto close = [&](std::size_t key, SmfTime at) {
        if (sounding[key] != kSilent) notes[sounding[key]].end = at;
        sounding[key] = kSilent;
    };
    for (const auto& [at, message] : track.messages) {
        if (!message.is_note_on() && !message.is_note_off()) continue;
        const std::size_t key = std::size_t{message.channel().count()} * 128 + message.bytes[1];
        close(key, at);
        if (!message.is_note_on()) continue;
        sounding[key] = notes.size();
        notes.push_back(
            {at, at, message.channel(), Pitch{message.bytes[1]}, Velocity{message.bytes[2]}});
    }
    for (std::size_t key = 0; key < sounding.size(); ++key) close(key, track.end);
    std::erase_if(notes, [](const SmfNote& note) { return note.end <= note.onset; });
    return notes;
}

}  // namespace fusion

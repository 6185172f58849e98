#include <algorithm>
#include <optional>

#include "engine/corpus/smf.hpp"
#include "engine/corpus/smf_mends.hpp"
#include "engine/corpus/smf_time.hpp"
#include "engine/corpus/smf_track.hpp"

namespace fusion {
namespace {

constexpr std::size_t kHeadBytes = 8;  // a tag and a size
constexpr std::string_view kHeaderTag = "MThd";
constexpr std::string_view kTrackTag = "MTrk";

// The chunks of a file, whatever stands around and between them.
class Chunks {
public:
    Chunks(std::span<const std::uint8_t> bytes, mend::Mends& mends)
        : bytes_{bytes}, mends_{mends}, end_{bytes.size()} {}

    // False where there is no track at all.
    bool read(Smf& smf) {
        if (!find_beginning()) return false;
        read_header(smf);
        read_tracks(smf);
        if (smf.tracks.empty()) return false;
        if (promised_ && *promised_ != smf.tracks.size())
            mends_.add(mend::kTrackCount, "{} of {}", smf.tracks.size(), *promised_);
        settle_beats(smf, division_, mends_);
        return true;
    }

private:
    [[nodiscard]] bool tag_is(std::size_t at, std::string_view tag) const {
        return tag.size() <= end_ - at &&
               std::equal(tag.begin(), tag.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at));
    }

    [[nodiscard]] std::size_t big_endian(std::size_t at, std::size_t size) const {
        std::size_t value = 0;
        for (std::size_t i = 0; i < size; ++i) value = (value << 8U) | bytes_[at + i];
        return value;
    }

    // Where `text` stands next, or the end.
    [[nodiscard]] std::size_t find(std::string_view text, std::size_t from, std::size_t to) const {
        const auto area = bytes_.subspan(from, to - from);
        const auto found =
            std::search(area.begin(), area.end(), text.begin(), text.end(),
                        [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); });
        return found == area.end() ? end_ : from + static_cast<std::size_t>(found - area.begin());
    }

    // A tag in letters, and a size that there is room for. Trailing bytes too few for a head are
    // nobody's.
    [[nodiscard]] bool chunk_may_begin(std::size_t at) const {
        if (end_ - at < kHeadBytes || tag_is(at, kTrackTag)) return true;
        const auto tag = bytes_.subspan(at, 4);
        return std::all_of(tag.begin(), tag.end(), [](auto c) { return c >= 0x20 && c < 0x7F; }) &&
               big_endian(at + 4, 4) <= end_ - at - kHeadBytes;
    }

    // Past a byte-order mark, an old Macintosh's 128 bytes, the text of a mail.
    bool find_beginning() {
        enter_wrapper();
        const auto header = find(kHeaderTag, at_, end_);
        if (header != end_) {
            if (header != at_) mends_.add(mend::kBefore, "{}", header - at_);
            at_ = header;
            return true;
        }
        const auto track = find(kTrackTag, at_, end_);
        if (track == end_) return false;
        mends_.add(mend::kNoHeader, "the first track is at byte {}", track);
        at_ = track;
        return true;
    }

    // RIFF, its chunks little-endian and padded to even: the file is the one called data.
    void enter_wrapper() {
        if (!tag_is(0, "RIFF") || end_ < 12 || !tag_is(8, "RMID")) return;
        for (std::size_t at = 12; end_ - at >= kHeadBytes;) {
            std::size_t size = 0;
            for (std::size_t i = 0; i < 4; ++i) size |= std::size_t{bytes_[at + 4 + i]} << (8 * i);
            const auto body = at + kHeadBytes;
            if (tag_is(at, "data") && tag_is(body, kHeaderTag)) {
                mends_.add(mend::kWrapper, "RMID");
                at_ = body;
                if (size > kHeadBytes) end_ = std::min(end_, body + size);
                return;
            }
            if (size + size % 2 > end_ - body) return;
            at = body + size + size % 2;
        }
    }

    void read_header(Smf& smf) {
        smf.format = 1;
        if (!tag_is(at_, kHeaderTag)) return;
        const auto fields = at_ + kHeadBytes;
        const auto size = end_ - at_ < kHeadBytes ? 0 : big_endian(at_ + 4, 4);
        auto first = std::min(fields + size, end_);
        if (size < 6 || size > end_ - fields || !chunk_may_begin(first))
            first = find(kTrackTag, std::min(fields, end_), end_);
        const auto field = [&](std::size_t which) {
            const auto at = fields + 2 * which;
            return at + 2 <= first ? std::optional{big_endian(at, 2)} : std::nullopt;
        };
        if (const auto format = field(0); format && *format <= 2)
            smf.format = static_cast<std::uint16_t>(*format);
        else
            mends_.add(mend::kFormat, "byte {}", fields);
        promised_ = field(1);
        division_ = static_cast<std::uint16_t>(field(2).value_or(0));
        if (first != fields + size || size < 6)
            mends_.add(mend::kNoChunk, "the header says {} bytes", size);
        at_ = first;
    }

    void read_tracks(Smf& smf) {
        std::size_t messages_left = kMaxSmfMessages;
        while (end_ - at_ >= kHeadBytes) {
            if (tag_is(at_, kTrackTag)) {
                if (smf.tracks.size() == kMaxSmfTracks)
                    return mends_.add(mend::kTooManyTracks, "only {} are read", kMaxSmfTracks);
                smf.tracks.emplace_back();
                read_track_here(smf, messages_left);
            } else if (tag_is(at_, kHeaderTag)) {
                return mends_.add_at(mend::kSecondFile, at_);
            } else if (chunk_may_begin(at_)) {  // for other programs
                at_ += kHeadBytes + big_endian(at_ + 4, 4);
            } else {
                mends_.add_at(mend::kNoChunk, at_);
                at_ = find(kTrackTag, at_, end_);
            }
        }
    }

    // How far the events of a track may reach that says it ends at `said`.
    [[nodiscard]] std::size_t reach(std::size_t from, std::size_t said) const {
        if (said > end_) return find(kTrackTag, from, end_);
        if (said != from && chunk_may_begin(said)) return said;
        if (said == from && (said == end_ || tag_is(said, kTrackTag))) return said;
        const auto next = find(kTrackTag, from, end_);
        if (next < said || said == from) return next;
        // Too short, or sound with junk behind it? Too short where its end is still to come.
        constexpr std::string_view kEndOfTrack{"\xFF\x2F\x00", 3};
        return find(kEndOfTrack, std::max(from, said - 2), next) == end_ ? said : next;
    }

    void read_track_here(Smf& smf, std::size_t& messages_left) {
        using How = TrackEnd::How;
        const auto from = at_ + kHeadBytes;
        const auto said = from + big_endian(at_ + 4, 4);
        const auto to = reach(from, said);
        const auto number = smf.tracks.size() - 1;
        const auto end = read_track(bytes_, {from, to}, smf.tracks.back(), messages_left, mends_);
        const auto tell = [&](std::string_view kind) {
            mends_.add(kind, "track {} (byte {})", number, end.at);
        };
        at_ = to;
        // The next track may lie within what this one says it has.
        const bool swallowed = end.how == How::said && end.at < to && tag_is(end.at, kTrackTag);
        if (swallowed) at_ = end.at;

        const bool past_the_file = said > end_ && to == end_;
        if (end.how == How::cut || (past_the_file && end.how == How::silent))
            tell(mend::kCutOff);
        else if (past_the_file)
            tell(mend::kPastTheFile);
        else if (swallowed || to < said || end.at > said)
            tell(mend::kTrackLength);
        else if (to != said)
            tell(mend::kNoChunk);
        else if (end.how == How::silent)
            tell(mend::kNoEnd);
    }

    std::span<const std::uint8_t> bytes_;
    mend::Mends& mends_;
    std::size_t at_ = 0;
    std::size_t end_;
    std::optional<std::size_t> promised_;
    std::uint16_t division_ = 0;
};

}  // namespace

Result<Smf> read_smf(std::span<const std::uint8_t> bytes, std::string_view name) {
    if (bytes.size() > kMaxSmfBytes)
        return fail(Error::Code::unsupported, fmt::format("{}: larger than {} MiB; split the piece",
                                                          name, kMaxSmfBytes >> 20U));
    mend::Mends mends;
    Smf smf;
    if (!Chunks{bytes, mends}.read(smf))
        return fail(Error::Code::malformed,
                    fmt::format("{}: no Standard MIDI File (there is no track in it)", name));
    smf.mends = mends.take();
    return smf;
}

}  // namespace fusion

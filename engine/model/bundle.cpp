#include "engine/model/bundle.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <set>
#include <string_view>

#include <fmt/format.h>
#include <boost/crc.hpp>

#include "engine/base/whole_file.hpp"
#include "engine/model/bytes.hpp"
#include "engine/model/half.hpp"
#include "engine/music/genre_weights.hpp"

namespace fusion {
namespace {

constexpr std::string_view kMagic = "FUSNBDL1";
constexpr std::uint32_t kVersion = 2;
constexpr std::uint32_t kMaxSections = 64;
constexpr std::uint64_t kMaxFileBytes = 256ULL << 20U;
constexpr std::uint64_t kMaxTensors = 1024;
constexpr std::uint64_t kMaxTensorValues = 64ULL << 20U;
constexpr std::uint8_t kRestCode = 0xFF;

using Bytes = std::span<const std::uint8_t>;

enum class Presence : std::uint8_t { required, optional };

std::uint32_t crc32(std::string_view tag, Bytes payload, Presence presence) {
    boost::crc_32_type crc;
    if (presence == Presence::optional) crc.process_bytes(tag.data(), tag.size());
    crc.process_bytes(payload.data(), payload.size());
    return crc.checksum();
}

tl::unexpected<Error> malformed(std::string what) {
    return fail(Error::Code::malformed, std::move(what));
}

std::string text_of(ByteReader& in) {
    const auto bytes = in.take(in.varint());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Status read_vocabulary(Bytes payload, Bundle& bundle) {
    ByteReader in{payload};
    const auto count = in.varint();
    if (in.failed() || count > Vocabulary::kMaxSize)
        return malformed("more events than a vocabulary may have");
    std::vector<Event> events;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto pitch = in.read<std::uint8_t>();
        const auto duration = in.read<std::uint8_t>();
        if (pitch > 127 && pitch != kRestCode)
            return malformed("an event's pitch is no MIDI pitch");
        events.push_back(
            {pitch == kRestCode ? std::nullopt : std::optional{Pitch{pitch}}, Cells{duration}});
    }
    if (in.failed() || in.left() > 0) return malformed("the list of events has the wrong length");
    auto vocabulary = Vocabulary::make(std::move(events));
    if (!vocabulary) return tl::unexpected{vocabulary.error()};
    bundle.vocabulary = std::move(*vocabulary);
    return {};
}

// A genre's name becomes an OSC address and a configuration key.
bool is_plain_name(std::string_view name) {
    return !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

Status read_genres(Bytes payload, Bundle& bundle) {
    ByteReader in{payload};
    const auto count = in.varint();
    if (count == 0 || count > kMaxGenres)
        return malformed(fmt::format("{} genres; 1 to {} can be", count, kMaxGenres));
    for (std::uint64_t g = 0; g < count; ++g) {
        auto name = text_of(in);
        if (in.failed() || !is_plain_name(name))
            return malformed("a genre's name is not of a-z, 0-9, _ and -");
        if (std::find(bundle.genres.begin(), bundle.genres.end(), name) != bundle.genres.end())
            return malformed(fmt::format("genre {} stands there twice", name));
        bundle.genres.push_back(std::move(name));
    }
    return {};
}

Status read_tensors(Bytes payload, Bundle& bundle) {
    ByteReader in{payload};
    const auto count = in.varint();
    if (in.failed() || count > kMaxTensors) return malformed("too many tensors");
    for (std::uint64_t t = 0; t < count; ++t) {
        const auto name = text_of(in);
        const auto precision = in.read<std::uint8_t>();
        const auto dimensions = in.read<std::uint8_t>();
        BundleTensor tensor;
        std::uint64_t values = 1;
        for (unsigned d = 0; d < dimensions && !in.failed(); ++d) {
            const auto extent = in.varint();
            if (extent == 0 || extent > kMaxTensorValues / values)
                return malformed("tensor " + name + " is too large");
            values *= extent;
            tensor.shape.push_back(static_cast<std::int64_t>(extent));
        }
        if (precision > 1) return malformed("tensor " + name + " has an unknown number format");
        const auto raw = in.take(values * (precision == 0 ? 4U : 2U));
        if (in.failed()) return malformed("tensor " + name + " is cut short");
        tensor.values.resize(values);
        if (precision == 0) {
            std::memcpy(tensor.values.data(), raw.data(), raw.size());
        } else {
            for (std::uint64_t i = 0; i < values; ++i) {
                std::uint16_t half = 0;
                std::memcpy(&half, raw.data() + 2 * i, sizeof half);
                tensor.values[i] = from_half(half);
            }
        }
        if (!std::all_of(tensor.values.begin(), tensor.values.end(),
                         [](float v) { return std::isfinite(v); }))
            return malformed("tensor " + name + " holds a value that is no number");
        if (!bundle.tensors.emplace(name, std::move(tensor)).second)
            return malformed("tensor " + name + " stands there twice");
    }
    return {};
}

Status read_ngrams(Bytes payload, Bundle& bundle) {
    ByteReader in{payload};
    const auto count = in.varint();
    if (in.failed() || count > kMaxGenres) return malformed("too many n-gram tables");
    auto rest = payload.subspan(in.at());
    for (std::uint64_t g = 0; g < count; ++g) {
        auto model = NgramModel::parse(rest);
        if (!model) return tl::unexpected{model.error()};
        bundle.ngrams.push_back(std::move(*model));
    }
    return {};
}

// A section that has a parser of its own.
template <auto kMember, auto kParse>
Status read_part(Bytes payload, Bundle& bundle) {
    auto part = kParse(payload);
    if (!part) return tl::unexpected{part.error()};
    bundle.*kMember = std::move(*part);
    return {};
}

Status read_start(Bytes payload, Bundle& bundle) {
    ByteReader in{payload};
    const auto count = in.varint();
    if (in.failed() || count > kMaxGenres) return malformed("weights for too many genres");
    float sum = 0.0F;
    for (std::uint64_t g = 0; g < count; ++g) {
        const auto weight = in.read<float>();
        if (in.failed() || !(weight >= 0.0F && weight <= kMaxGenreWeight))
            return malformed("a weight is out of range, or cut short");
        bundle.start.push_back(weight);
        sum += weight;
    }
    if (in.left() > 0 || sum <= 0.0F) return malformed("the weights to start with are no blend");
    return {};
}

struct Section {
    std::string_view tag;
    Status (*read)(Bytes, Bundle&);
    Presence presence = Presence::required;
};

Status read_record(Bytes payload, Bundle& bundle) {
    bundle.record.assign(reinterpret_cast<const char*>(payload.data()), payload.size());
    return {};
}

constexpr std::array<Section, 12> kSections{
    {{"VOCB", read_vocabulary},
     {"GENR", read_genres},
     {"RECD", read_record},
     {"TENS", read_tensors},
     {"NGRM", read_ngrams},
     {"ACCT", read_part<&Bundle::accents, parse_accents>, Presence::optional},
     {"DICE", read_part<&Bundle::dice, parse_dice>, Presence::optional},
     {"FRMB", read_part<&Bundle::forms, parse_form_books>, Presence::optional},
     {"CHRD", read_part<&Bundle::chords, parse_chord_models>, Presence::optional},
     {"MANN", read_part<&Bundle::manners, parse_manners>, Presence::optional},
     {"BAND", read_part<&Bundle::band, parse_band>, Presence::optional},
     {"STRT", read_start, Presence::optional}}};

// What must hold between the sections.
Status check_whole(const Bundle& bundle, const std::set<std::string_view>& seen) {
    for (const auto& section : kSections)
        if (section.presence == Presence::required && !seen.contains(section.tag))
            return malformed(fmt::format("section {} is missing", section.tag));
    if (bundle.ngrams.size() != bundle.genres.size())
        return malformed(fmt::format("{} n-gram tables for {} genres", bundle.ngrams.size(),
                                     bundle.genres.size()));
    for (const auto& model : bundle.ngrams)
        if (model.vocabulary_size() != bundle.vocabulary.size())
            return malformed("an n-gram table is of another vocabulary");
    struct Part {
        std::string_view tag, what;
        std::size_t genres;
    };
    for (const auto& [tag, what, genres] :
         {Part{"ACCT", "accents", bundle.accents.genres.size()},
          Part{"DICE", "dice", bundle.dice.size()}, Part{"FRMB", "forms", bundle.forms.size()},
          Part{"CHRD", "chords", bundle.chords.size()},
          Part{"MANN", "manners", bundle.manners.size()}, Part{"BAND", "bands", bundle.band.size()},
          Part{"STRT", "weights to start with", bundle.start.size()}})
        if (seen.contains(tag) && genres != bundle.genres.size())
            return malformed(
                fmt::format("{} of {} genres for {}", what, genres, bundle.genres.size()));
    return {};
}

Status read_sections(ByteReader& in, Bytes bytes, Bundle& bundle) {
    const auto count = in.read<std::uint32_t>();
    if (count > kMaxSections)
        return malformed(fmt::format("{} sections; at most {} can be", count, kMaxSections));
    std::set<std::string_view> seen;
    for (std::uint32_t s = 0; s < count; ++s) {
        const auto at = in.at();
        const auto tag_bytes = in.take(4);
        const auto length = in.read<std::uint64_t>();
        const auto crc = in.read<std::uint32_t>();
        const auto payload = in.take(length);
        if (in.failed())
            return malformed(fmt::format("cut short: {} bytes, section at byte {} wants more",
                                         bytes.size(), at));
        const std::string_view tag{reinterpret_cast<const char*>(tag_bytes.data()), 4};
        const auto* known = std::find_if(kSections.begin(), kSections.end(),
                                         [&](const auto& k) { return k.tag == tag; });
        const auto presence = known == kSections.end() ? Presence::optional : known->presence;
        if (crc32(tag, payload, presence) != crc)
            return malformed(fmt::format("section {} at byte {} is altered (checksum)", tag, at));
        if (known == kSections.end()) continue;
        if (!seen.insert(known->tag).second)
            return malformed(fmt::format("section {} stands there twice", tag));
        if (auto read = known->read(payload, bundle); !read)
            return malformed(
                fmt::format("section {} at byte {}: {}", tag, at, read.error().message));
    }
    if (in.left() > 0) return malformed(fmt::format("{} bytes too many at the end", in.left()));
    return check_whole(bundle, seen);
}

void put_section(std::vector<std::uint8_t>& out, std::string_view tag,
                 const std::vector<std::uint8_t>& payload, Presence presence = Presence::required) {
    out.insert(out.end(), tag.begin(), tag.end());
    put(out, static_cast<std::uint64_t>(payload.size()));
    put(out, crc32(tag, payload, presence));
    out.insert(out.end(), payload.begin(), payload.end());
}

std::vector<std::uint8_t> tensor_payload(const Bundle& bundle, TensorPrecision precision) {
    std::vector<std::uint8_t> out;
    put_varint(out, bundle.tensors.size());
    for (const auto& [name, tensor] : bundle.tensors) {
        put_text(out, name);
        out.push_back(precision == TensorPrecision::f32 ? 0 : 1);
        out.push_back(static_cast<std::uint8_t>(tensor.shape.size()));
        for (const auto extent : tensor.shape) put_varint(out, static_cast<std::uint64_t>(extent));
        for (const float value : tensor.values) {
            if (precision == TensorPrecision::f32)
                put(out, value);
            else
                put(out, to_half(value));
        }
    }
    return out;
}

}  // namespace

Result<Bundle> parse_bundle(Bytes bytes, const std::string& name) {
    const auto with_name = [&](const std::string& what) {
        return malformed(fmt::format(
            "bundle {}: {}; take it again from its source, or train one with fusion-train", name,
            what));
    };
    ByteReader in{bytes};
    const auto magic = in.take(kMagic.size());
    if (in.failed() || !std::equal(magic.begin(), magic.end(), kMagic.begin()))
        return with_name("not a fusiond bundle (its first bytes are others)");
    const auto version = in.read<std::uint32_t>();
    if (in.failed()) return with_name("cut short after the first bytes");
    if (version != kVersion)
        return with_name(
            fmt::format("version {}, and this build reads version {}", version, kVersion));
    Bundle bundle;
    if (auto read = read_sections(in, bytes, bundle); !read) return with_name(read.error().message);
    return bundle;
}

Result<Bundle> load_bundle(const std::filesystem::path& file) {
    const auto bytes = read_file(file, kMaxFileBytes);
    if (!bytes)
        return fail(bytes.error().code,
                    bytes.error().message + "; name a bundle with --bundle or [bundle] path");
    return parse_bundle(*bytes, file.string());
}

std::vector<std::uint8_t> serialise_bundle(const Bundle& bundle, TensorPrecision precision) {
    std::vector<std::uint8_t> out{kMagic.begin(), kMagic.end()};
    put(out, kVersion);
    const std::array has{!bundle.accents.genres.empty(), !bundle.dice.empty(),
                         !bundle.forms.empty(),          !bundle.chords.empty(),
                         !bundle.manners.empty(),        !bundle.band.empty(),
                         !bundle.start.empty()};
    const auto absent = static_cast<std::size_t>(std::ranges::count(has, false));
    put(out, static_cast<std::uint32_t>(kSections.size() - absent));

    std::vector<std::uint8_t> vocabulary;
    put_varint(vocabulary, bundle.vocabulary.size());
    for (const Event& event : bundle.vocabulary.events()) {
        vocabulary.push_back(event.pitch ? event.pitch->count() : kRestCode);
        vocabulary.push_back(static_cast<std::uint8_t>(event.duration.count()));
    }
    put_section(out, "VOCB", vocabulary);

    std::vector<std::uint8_t> genres;
    put_varint(genres, bundle.genres.size());
    for (const auto& genre : bundle.genres) put_text(genres, genre);
    put_section(out, "GENR", genres);

    put_section(out, "RECD", {bundle.record.begin(), bundle.record.end()});
    put_section(out, "TENS", tensor_payload(bundle, precision));

    std::vector<std::uint8_t> ngrams;
    put_varint(ngrams, bundle.ngrams.size());
    for (const auto& model : bundle.ngrams) model.serialise(ngrams);
    put_section(out, "NGRM", ngrams);

    const auto put_part = [&](std::string_view tag, const auto& part, auto serialise) {
        std::vector<std::uint8_t> payload;
        serialise(part, payload);
        put_section(out, tag, payload, Presence::optional);
    };
    if (!bundle.accents.genres.empty()) put_part("ACCT", bundle.accents, serialise_accents);
    if (!bundle.dice.empty()) put_part("DICE", bundle.dice, serialise_dice);
    if (!bundle.forms.empty()) put_part("FRMB", bundle.forms, serialise_form_books);
    if (!bundle.chords.empty()) put_part("CHRD", bundle.chords, serialise_chord_models);
    if (!bundle.manners.empty()) put_part("MANN", bundle.manners, serialise_manners);
    if (!bundle.band.empty()) put_part("BAND", bundle.band, serialise_band);
    if (!bundle.start.empty()) {
        std::vector<std::uint8_t> start;
        put_varint(start, bundle.start.size());
        for (const float weight : bundle.start) put(start, weight);
        put_section(out, "STRT", start, Presence::optional);
    }
    return out;
}

Status save_bundle(const Bundle& bundle, const std::filesystem::path& file,
                   TensorPrecision precision) {
    return write_file(file, serialise_bundle(bundle, precision));
}

}  // namespace fusion

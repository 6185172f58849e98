#include "osc/arguments.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

namespace fusion {
namespace {

using Bytes = std::span<const std::uint8_t>;

tl::unexpected<Error> malformed(const std::string& what) {
    return fail(Error::Code::malformed, "no OSC message: " + what);
}

template <class Whole>
Whole big_endian(Bytes bytes) {
    Whole value = 0;
    for (const auto byte : bytes.first(sizeof value))
        value = static_cast<Whole>((value << 8U) | byte);
    return value;
}

class Reader {
public:
    explicit Reader(Bytes bytes) : left_{bytes} {}

    // None: there are not so many.
    std::optional<Bytes> take(std::size_t size) {
        if (size > left_.size()) return {};
        const auto taken = left_.first(size);
        left_ = left_.subspan(size);
        return taken;
    }
    // To the null; none where there is none, or what pads it is none either.
    std::optional<std::string> take_text() {
        const auto end = std::ranges::find(left_, std::uint8_t{0});
        const auto size = static_cast<std::size_t>(end - left_.begin());
        const auto all = end == left_.end() ? std::nullopt : take(size / 4 * 4 + 4);
        if (!all || !std::ranges::all_of(all->subspan(size), [](auto byte) { return byte == 0; }))
            return {};
        return std::string{all->begin(), all->begin() + static_cast<std::ptrdiff_t>(size)};
    }
    bool skip_blob() {
        const auto size = take(4);
        if (!size) return false;
        // In 64 bits, which no length of 32 can wrap.
        const std::size_t bytes = big_endian<std::uint32_t>(*size);
        return take((bytes + 3) / 4 * 4).has_value();
    }
    [[nodiscard]] bool at_end() const { return left_.empty(); }

private:
    Bytes left_;
};

// None: cut short.
std::optional<OscArg> read_argument(char type, Reader& reader) {
    switch (type) {
        case 'T': return true;
        case 'F': return false;
        case 'N':
        case 'I': return OscOther{type};
        case 's':
        case 'S':
            if (auto text = reader.take_text()) return std::move(*text);
            return {};
        case 'b':
            if (reader.skip_blob()) return OscOther{type};
            return {};
        default: break;
    }
    const bool is_long = type == 'h' || type == 'd' || type == 't';
    const auto bytes = reader.take(is_long ? 8 : 4);
    if (!bytes) return {};
    switch (type) {
        case 'i': return static_cast<std::int32_t>(big_endian<std::uint32_t>(*bytes));
        case 'f': return std::bit_cast<float>(big_endian<std::uint32_t>(*bytes));
        case 'h': return static_cast<std::int64_t>(big_endian<std::uint64_t>(*bytes));
        case 'd': return std::bit_cast<double>(big_endian<std::uint64_t>(*bytes));
        // In the lowest byte; some fill the others with its sign.
        case 'c': return OscChar{static_cast<char>((*bytes)[3])};
        default: return OscOther{type};
    }
}

}  // namespace

Result<std::vector<OscArg>> read_osc_arguments(Bytes bytes) {
    constexpr std::string_view kTypes = "ihfdsScTFINtmbr";
    Reader reader{bytes};
    const auto types = reader.take_text();
    if (!types || !types->starts_with(','))
        return malformed("arguments without type tags cannot be told apart");
    std::vector<OscArg> args;
    int open = 0;
    for (const char type : std::string_view{*types}.substr(1)) {
        if (type == '[' || type == ']') {
            open += type == '[' ? 1 : -1;
            if (open < 0) return malformed("']' without '['");
            continue;
        }
        if (kTypes.find(type) == std::string_view::npos)
            return malformed(
                fmt::format("argument {} is of no type that OSC knows", args.size() + 1));
        auto arg = read_argument(type, reader);
        if (!arg)
            return malformed(
                fmt::format("argument {} (type '{}') is cut short", args.size() + 1, type));
        args.push_back(std::move(*arg));
    }
    if (open > 0) return malformed("'[' without ']'");
    if (!reader.at_end()) return malformed("more bytes than its type tags say");
    return args;
}

}  // namespace fusion

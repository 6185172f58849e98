#include "osc/message.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>
#include <lo/lo.h>

#include "engine/params/text_value.hpp"
#include "osc/arguments.hpp"

namespace fusion {
namespace {

struct FreeMessage {
    void operator()(lo_message message) const { lo_message_free(message); }
};
// lo_message is a pointer, to void before liblo 0.32.
using LoMessage = std::unique_ptr<std::remove_pointer_t<lo_message>, FreeMessage>;

constexpr std::string_view kBundle{"#bundle\0", 8};  // with its null
constexpr std::size_t kBundleHead = 16;              // "#bundle\0" and a time tag
constexpr int kDeepest = 8;

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
    return (std::uint32_t{bytes[0]} << 24U) | (std::uint32_t{bytes[1]} << 16U) |
           (std::uint32_t{bytes[2]} << 8U) | std::uint32_t{bytes[3]};
}

OscTimeTag time_tag(std::span<const std::uint8_t> bytes) {
    return {(std::uint64_t{big_endian(bytes)} << 32U) | big_endian(bytes.subspan(4))};
}

Status decode_message(std::span<const std::uint8_t> bytes, OscTimeTag when,
                      std::vector<TimedOscMessage>& out) {
    if (bytes.empty() || bytes[0] != '/' || bytes.size() % 4 != 0 ||
        std::memchr(bytes.data(), 0, bytes.size()) == nullptr)
        return fail(Error::Code::malformed, "no OSC message: it begins with no padded path");
    TimedOscMessage read;
    read.path = reinterpret_cast<const char*>(bytes.data());
    read.when = when;
    read.bytes = bytes.size();
    if (read.path.size() > kLongestOscPath)
        return fail(Error::Code::malformed, fmt::format("an OSC path of {} characters; at most {}",
                                                        read.path.size(), kLongestOscPath));
    const auto rest = bytes.subspan(read.path.size() / 4 * 4 + 4);
    if (!rest.empty()) {
        auto args = read_osc_arguments(rest);
        if (!args) return tl::unexpected{args.error()};
        read.args = std::move(*args);
    }
    out.push_back(std::move(read));
    return {};
}

Status decode(std::span<const std::uint8_t> bytes, int depth, OscTimeTag when,
              std::vector<TimedOscMessage>& out) {
    const bool is_bundle = bytes.size() >= kBundle.size() &&
                           std::memcmp(bytes.data(), kBundle.data(), kBundle.size()) == 0;
    if (!is_bundle) return decode_message(bytes, when, out);
    if (depth == kDeepest) return fail(Error::Code::malformed, "OSC bundles nested too deep");
    if (bytes.size() < kBundleHead) return fail(Error::Code::malformed, "OSC bundle cut short");
    when = std::max(when, time_tag(bytes.subspan(kBundle.size())));
    bytes = bytes.subspan(kBundleHead);
    while (!bytes.empty()) {
        if (bytes.size() < 4) return fail(Error::Code::malformed, "OSC bundle cut short");
        const std::size_t size = big_endian(bytes);
        bytes = bytes.subspan(4);
        if (size == 0 || size > bytes.size() || size % 4 != 0)
            return fail(Error::Code::malformed,
                        fmt::format("OSC bundle says {} bytes where {} are", size, bytes.size()));
        if (auto read = decode(bytes.first(size), depth + 1, when, out); !read) return read;
        bytes = bytes.subspan(size);
    }
    return {};
}

}  // namespace

std::optional<double> osc_number(const OscArg& arg) {
    if (const auto* i = std::get_if<std::int32_t>(&arg)) return *i;
    if (const auto* h = std::get_if<std::int64_t>(&arg)) return static_cast<double>(*h);
    if (const auto* f = std::get_if<float>(&arg)) return *f;
    if (const auto* d = std::get_if<double>(&arg)) return *d;
    if (const auto* b = std::get_if<bool>(&arg)) return *b ? 1.0 : 0.0;
    return {};
}

std::optional<std::string_view> osc_text(const OscArg& arg) {
    if (const auto* text = std::get_if<std::string>(&arg)) return *text;
    if (const auto* c = std::get_if<OscChar>(&arg)) return std::string_view{&c->value, 1};
    return {};
}

std::optional<double> osc_number_or_text(const OscArg& arg) {
    if (const auto number = osc_number(arg)) return number;
    const auto text = osc_text(arg);
    if (!text) return {};
    if (const auto number = read_number(*text)) return *number;
    return {};
}

char osc_type(const OscArg& arg) {
    if (const auto* b = std::get_if<bool>(&arg)) return *b ? 'T' : 'F';
    if (const auto* other = std::get_if<OscOther>(&arg)) return other->type;
    constexpr std::string_view kTypes = "ihfd?s?c";
    return kTypes[arg.index()];
}

bool is_osc_answer(std::string_view path) {
    constexpr std::array<std::string_view, 4> kAnswers{"/fail", "/done", "/synced", "/late"};
    return path.ends_with(".reply") ||
           std::find(kAnswers.begin(), kAnswers.end(), path) != kAnswers.end();
}

Result<std::vector<TimedOscMessage>> decode_osc(std::span<const std::uint8_t> packet) {
    std::vector<TimedOscMessage> messages;
    if (auto read = decode(packet, 0, {}, messages); !read) return tl::unexpected{read.error()};
    return messages;
}

std::string osc_path_of(std::span<const std::uint8_t> packet) {
    packet = packet.first(std::min(packet.size(), kLongestOscPath + 1));
    const auto end = std::find(packet.begin(), packet.end(), 0);
    if (packet.empty() || packet[0] != '/' || end == packet.end()) return {};
    const bool readable =
        std::all_of(packet.begin(), end, [](std::uint8_t c) { return c > 0x20 && c < 0x7F; });
    return readable ? std::string{packet.begin(), end} : std::string{};
}

std::vector<std::uint8_t> encode_osc(const OscMessage& message) {
    const LoMessage made{lo_message_new()};
    for (const auto& arg : message.args) {
        if (const auto* i = std::get_if<std::int32_t>(&arg)) lo_message_add_int32(made.get(), *i);
        if (const auto* h = std::get_if<std::int64_t>(&arg)) lo_message_add_int64(made.get(), *h);
        if (const auto* f = std::get_if<float>(&arg)) lo_message_add_float(made.get(), *f);
        if (const auto* d = std::get_if<double>(&arg)) lo_message_add_double(made.get(), *d);
        if (const auto* s = std::get_if<std::string>(&arg))
            lo_message_add_string(made.get(), s->c_str());
        if (const auto* b = std::get_if<bool>(&arg))
            *b ? lo_message_add_true(made.get()) : lo_message_add_false(made.get());
        if (const auto* c = std::get_if<OscChar>(&arg)) lo_message_add_char(made.get(), c->value);
        if (osc_type(arg) == 'N') lo_message_add_nil(made.get());
        if (osc_type(arg) == 'I') lo_message_add_infinitum(made.get());
    }
    std::vector<std::uint8_t> bytes(lo_message_length(made.get(), message.path.c_str()));
    std::size_t size = bytes.size();
    lo_message_serialise(made.get(), message.path.c_str(), bytes.data(), &size);
    return bytes;
}

}  // namespace fusion

#include "osc/dump.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace fusion {
namespace {

// A line of the log stays one line.
std::string printable(std::string_view text) {
    std::string shown;
    for (const char c : text.substr(0, OscDump::kLongestLine)) {
        if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\')
            shown += c;
        else
            shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    return shown;
}

std::string in_words(const OscArg& arg) {
    if (const auto* text = std::get_if<std::string>(&arg))
        return fmt::format("\"{}\"", printable(*text));
    if (const auto* whole = std::get_if<std::int32_t>(&arg)) return fmt::format("{}", *whole);
    if (const auto* whole = std::get_if<std::int64_t>(&arg)) return fmt::format("{}", *whole);
    if (const auto* real = std::get_if<float>(&arg)) return fmt::format("{}", *real);
    if (const auto* real = std::get_if<double>(&arg)) return fmt::format("{}", *real);
    if (const auto* flag = std::get_if<bool>(&arg)) return *flag ? "true" : "false";
    if (const auto* c = std::get_if<OscChar>(&arg))
        return fmt::format("'{}'", printable({&c->value, 1}));
    return "?";
}

std::string in_words(const TimedOscMessage& message) {
    std::string types;
    std::string values;
    for (const auto& arg : message.args) {
        types += osc_type(arg);
        if (values.size() < OscDump::kLongestLine) values += ' ' + in_words(arg);
    }
    std::string when;
    if (!message.when.at_once())
        when = fmt::format(" for {}.{:03}", message.when.ntp >> 32U,
                           ((message.when.ntp & 0xFFFF'FFFFU) * 1000U) >> 32U);
    return fmt::format("{} ,{}{}{}", printable(message.path), printable(types), values, when);
}

std::string in_hex(std::span<const std::uint8_t> bytes) {
    std::string shown;
    for (const auto byte : bytes.first(std::min(bytes.size(), OscDump::kLongestLine / 3)))
        shown += fmt::format(" {:02x}", byte);
    return shown;
}

}  // namespace

void OscDump::packet(std::span<const std::uint8_t> bytes,
                     const Result<std::vector<TimedOscMessage>>& messages, const UdpPeer& from,
                     TimePoint now) {
    if (mode_ == Mode::off) return;
    const auto sender = fmt::format("{}:{}", from.address().to_string(), from.port());
    if (mode_ != Mode::parsed && has_room(now))
        line(fmt::format("OSC from {}, {} bytes:{}", sender, bytes.size(), in_hex(bytes)));
    if (mode_ == Mode::hex) return;
    if (!messages) {
        if (has_room(now)) line(fmt::format("OSC from {}: {}", sender, messages.error().message));
        return;
    }
    for (const auto& message : *messages)
        if (has_room(now)) line(fmt::format("OSC from {}: {}", sender, in_words(message)));
}

bool OscDump::has_room(TimePoint now) {
    if (budget_.take(LineBudget::Weight::ordinary, now)) return true;
    if (left_out_++ == 0) tell_at_ = now + std::chrono::seconds{1};
    return false;  // and it is not even put in words
}

void OscDump::turn(TimePoint now) {
    if (left_out_ == 0 || now < tell_at_ || !budget_.take(LineBudget::Weight::ordinary, now))
        return;
    log_(fmt::format("OSC: {} more lines left out", std::exchange(left_out_, 0)));
}

void OscDump::line(std::string text) {
    if (text.size() > kLongestLine) {
        text.resize(kLongestLine);
        text += " ...";
    }
    log_(text);
}

}  // namespace fusion

#include "engine/plan/form.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cctype>

#include <fmt/format.h>

namespace fusion {
namespace {

constexpr std::string_view kRight = "write capital letters, as in AABA, A8 B4 or A A' B A";

std::string word_of(std::string_view text) {
    const auto is_space = [](unsigned char c) { return std::isspace(c) != 0; };
    std::string word;
    for (const char c : text)
        if (!is_space(static_cast<unsigned char>(c)))
            word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return word;
}

class FormReader {
public:
    explicit FormReader(std::string_view text) : text_{text} {}

    TextResult<std::vector<Section>> read() {
        std::vector<Section> sections;
        while (skip_separators(), at_ < text_.size()) {
            if (sections.size() == kMaxSections)
                return fault(at_, fmt::format("more than {} sections", kMaxSections),
                             "write fewer: a form loops by itself");
            auto section = read_section();
            if (!section) return tl::unexpected(std::move(section.error()));
            sections.push_back(*section);
        }
        if (sections.empty()) return fault(0, "a form without a section", std::string{kRight});
        return sections;
    }

private:
    static tl::unexpected<TextFault> fault(std::size_t at, std::string what, std::string right) {
        return tl::unexpected<TextFault>({at, std::move(what), std::move(right)});
    }

    void skip_separators() {
        constexpr std::string_view kSeparators = " \t\r\n,;-|";
        while (at_ < text_.size() && kSeparators.find(text_[at_]) != std::string_view::npos) ++at_;
    }

    bool take_prime() {
        constexpr std::array<std::string_view, 5> kPrimes{"'", "’", "′", "´", "`"};
        for (const auto prime : kPrimes)
            if (text_.substr(at_).starts_with(prime)) {
                at_ += prime.size();
                return true;
            }
        return false;
    }

    TextResult<Section> read_section() {
        const char letter = text_[at_];
        if (letter < 'A' || letter > 'Z') return no_letter();
        ++at_;
        Section section{letter, false, kSectionBars};
        while (take_prime()) section.varied = true;
        if (const auto from = at_; at_ < text_.size() && is_digit(text_[at_])) {
            int bars = 0;
            for (; at_ < text_.size() && is_digit(text_[at_]); ++at_)
                bars = std::min(bars * 10 + (text_[at_] - '0'), 10 * kMaxSectionBars);
            if (bars < 1 || bars > kMaxSectionBars)
                return fault(from,
                             fmt::format("a section of {} bars",
                                         text_.substr(from, std::min<std::size_t>(at_ - from, 6))),
                             fmt::format("it may have 1 to {}", kMaxSectionBars));
            section.bars = static_cast<std::uint8_t>(bars);
        }
        while (take_prime()) section.varied = true;
        return section;
    }

    static bool is_digit(char c) { return c >= '0' && c <= '9'; }

    [[nodiscard]] tl::unexpected<TextFault> no_letter() const {
        const auto c = static_cast<unsigned char>(text_[at_]);
        if (is_digit(text_[at_]))
            return fault(at_, "a length before its section", "write the letter first, as in A8");
        const bool printable = c > 0x20 && c < 0x7F;
        return fault(at_,
                     printable ? fmt::format("{} is no section", text_[at_])
                               : std::string{"this is no section"},
                     fmt::format("{}, auto or free", kRight));
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

TextResult<Form> Form::read(std::string_view text) {
    Form form;
    const auto word = word_of(text);
    if (word.empty() || word == "auto") return form;
    if (word == "free") {
        form.kind_ = FormKind::free;
        return form;
    }
    auto sections = FormReader{text}.read();
    if (!sections) return tl::unexpected(std::move(sections.error()));
    form.kind_ = FormKind::sections;
    form.sections_ = std::move(*sections);
    for (const auto& section : form.sections_) form.bars_ += section.bars;
    return form;
}

Result<Form> Form::parse(std::string_view text) {
    return read(text).map_error([&](const TextFault& fault) { return to_error(fault, text); });
}

std::optional<FormPlace> Form::place_at(std::int64_t bar, PhraseLength phrase) const {
    assert(bar >= 0);
    if (kind_ != FormKind::sections) return std::nullopt;
    const auto count = static_cast<std::int64_t>(sections_.size());
    const auto what = [&](std::int64_t section) -> const Section& {
        return sections_[static_cast<std::size_t>(section % count)];
    };

    FormPlace place;
    place.section = bar / bars_ * count;
    place.begins = bar / bars_ * bars_;
    while (bar >= place.begins + what(place.section).bars)
        place.begins += what(place.section++).bars;
    place.what = what(place.section);

    // One round back is this very section.
    auto begins = place.begins;
    for (auto earlier = place.section - 1; earlier >= 0 && earlier >= place.section - count;
         --earlier) {
        begins -= what(earlier).bars;
        if (what(earlier).letter != place.what.letter) continue;
        const bool faithful = !what(earlier).varied;
        if (faithful || !place.returns) place.returns = FormPlace::Earlier{earlier, begins};
        if (faithful) break;
    }

    const int length = static_cast<int>(phrase);
    const int phrases = std::max(1, (place.what.bars + length / 2) / length);
    place.bar = static_cast<int>(bar - place.begins);
    place.phrase = std::min(place.bar / length, phrases - 1);
    place.phrase_bar = place.bar - place.phrase * length;
    place.phrase_bars =
        place.phrase + 1 < phrases ? length : place.what.bars - place.phrase * length;
    return place;
}

std::string Form::text() const {
    if (kind_ == FormKind::automatic) return "auto";
    if (kind_ == FormKind::free) return "free";
    std::string text;
    for (const auto& [letter, varied, bars] : sections_) {
        text += fmt::format("{}{}{}", text.empty() ? "" : " ", letter, varied ? "'" : "");
        if (bars != kSectionBars) text += std::to_string(int{bars});
    }
    return text;
}

}  // namespace fusion

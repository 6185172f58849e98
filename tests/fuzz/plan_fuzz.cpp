// Any text as a chord symbol, a progression and a form. What is read has a spelling that reads as
// the same; a refusal names a character of the text and says something.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/music/chord_symbol.hpp"
#include "engine/plan/form_plan.hpp"
#include "engine/plan/progression.hpp"

namespace {

using namespace fusion;

void check(const TextFault& fault, const std::string& text) {
    if (fault.at > text.size() || fault.what.empty() || fault.right.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string text(bytes, bytes + size);
    if (const auto chord = read_chord_symbol(text)) {
        if (read_chord_symbol(to_text(*chord)) != *chord) std::abort();
    } else {
        check(chord.error(), text);
    }
    if (const auto progression = Progression::read(text)) {
        if (Progression::read(progression->text()) != *progression) std::abort();
        for (std::int64_t bar = 0; bar < 4 && !progression->empty(); ++bar)
            for (const int cells : {1, 36, 42, 48}) {
                const auto next = progression->next_chord(bar, Cells{cells - 1}, Cells{cells});
                if (next && next->in <= Cells{0}) std::abort();
            }
    } else {
        check(progression.error(), text);
    }
    if (const auto form = Form::read(text)) {
        if (Form::read(form->text()) != *form) std::abort();
        for (std::int64_t bar = 0; bar < 200; ++bar) {
            const auto place = form->place_at(bar, PhraseLength::four);
            if (place && place->begins + place->bar != bar) std::abort();
        }
        const FormPlan plan{{}, *form};
        for (std::int64_t bar = 0; bar < 200; ++bar) {
            const auto back = plan.tune({}, bar);
            if (back && (back->bars_ago < 1 || back->bars_ago > bar)) std::abort();
            const auto original = plan.original({}, bar);
            if (original > bar || plan.original({}, original) != original) std::abort();
        }
    } else {
        check(form.error(), text);
    }
    return 0;
}

#include "engine/model/form_book.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/model/bytes.hpp"
#include "engine/model/sampling.hpp"

namespace fusion {
namespace {

// What one die of a form is for.
enum Die : std::uint32_t { whose, which };

const FormBook* book_of(std::span<const FormBook> books, const Blend& blend, float die) {
    float whole = 0.0F;
    const auto share = [&](std::size_t g) {
        return books[g].forms.empty() ? 0.0F : std::max(0.0F, blend.share[g]);
    };
    for (std::size_t g = 0; g < books.size(); ++g) whole += share(g);
    const FormBook* drawn = nullptr;
    float left = die * whole;
    for (std::size_t g = 0; g < books.size() && left >= 0.0F; ++g) {
        if (share(g) <= 0.0F) continue;
        drawn = &books[g];
        left -= share(g);
    }
    return drawn;
}

tl::unexpected<Error> malformed(std::size_t genre, std::string_view what) {
    return fail(Error::Code::malformed, fmt::format("the forms of genre {}: {}", genre, what));
}

}  // namespace

PlacedPhrase phrase_in_form(std::span<const FormBook> books, const Blend& blend, std::uint64_t seed,
                            std::uint8_t part, std::uint32_t phrase) {
    for (auto begin = phrase - phrase % kFormPhrases;;) {
        const Dice dice{seed, begin, part, static_cast<std::uint8_t>(DiceStream::form)};
        const auto* book = book_of(books, blend, dice.uniform(whose));
        if (book == nullptr) return {};
        const auto count = book->forms.size();
        const auto drawn =
            static_cast<std::size_t>(dice.uniform(which) * static_cast<float>(count));
        const auto& form = book->forms[std::min(drawn, count - 1)];
        const auto size = static_cast<std::uint32_t>(form.size());
        if (phrase - begin < size) return {book, &form, phrase - begin};
        begin += size;
    }
}

std::uint32_t original_of(const PieceForm& form, std::uint32_t phrase) {
    while (form[phrase].ago > 0) phrase -= form[phrase].ago;
    return phrase;
}

void serialise_form_books(const std::vector<FormBook>& books, std::vector<std::uint8_t>& out) {
    put_varint(out, books.size());
    for (const auto& book : books) {
        for (const float share : {book.kept, book.varied}) put(out, share);
        put_varint(out, book.forms.size());
        for (const auto& form : book.forms) {
            put_varint(out, form.size());
            for (const auto& [ago, kept] : form) {
                out.push_back(ago);
                out.push_back(kept);
            }
        }
    }
}

Result<std::vector<FormBook>> parse_form_books(std::span<const std::uint8_t> payload) {
    ByteReader in{payload};
    const auto count = in.varint();
    if (in.failed() || count > kMaxGenres)
        return fail(Error::Code::malformed, "forms for too many genres");
    std::vector<FormBook> books(count);
    for (std::size_t g = 0; g < books.size(); ++g) {
        for (float* share : {&books[g].kept, &books[g].varied}) {
            *share = in.read<float>();
            if (in.failed() || !(*share >= 0.0F && *share <= 1.0F))
                return malformed(g, "a share out of range, or cut short");
        }
        const auto forms = in.varint();
        if (forms > kMostForms) return malformed(g, fmt::format("more than {}", kMostForms));
        books[g].forms.resize(forms);
        for (auto& form : books[g].forms) {
            const auto phrases = in.varint();
            if (in.failed() || phrases == 0 || phrases > kFormPhrases)
                return malformed(g, fmt::format("one has not 1 to {} phrases", kFormPhrases));
            for (std::size_t p = 0; p < phrases; ++p) {
                const auto ago = in.read<std::uint8_t>();
                const auto kept = in.read<std::uint8_t>();
                if (ago > std::min(p, kFarthestReturn) || kept > kAllBars ||
                    (ago == 0) != (kept == 0))
                    return malformed(g, "a phrase returns to none");
                form.push_back({ago, kept});
            }
        }
        if (in.failed()) return malformed(g, "cut short");
    }
    if (in.left() > 0) return fail(Error::Code::malformed, "the forms have the wrong length");
    return books;
}

}  // namespace fusion

// What was measured, and which of the targets were reached.
#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "engine/train/report/markup.hpp"
#include "engine/train/report/report_sections.hpp"
#include "engine/train/report/report_targets.hpp"

namespace fusion::train::report {

namespace {

std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

struct Fact {
    std::string_view name;
    enum class Form : std::uint8_t { text, code } form;
    std::string (*of)(const Measured&);
};

BundleFacts facts_of(const Measured& measured) {
    BundleFacts unknown;
    unknown.vocabulary = unknown.seed = unknown.split_seed =
        std::numeric_limits<double>::quiet_NaN();
    return measured.bundle.value_or(unknown);
}

std::string genres_of(const Measured& measured) {
    std::vector<std::string> names;
    for (const Scores& scores : measured.genres) names.push_back(scores.genre);
    return joined(names, ", ");
}

std::string trained_on(const Measured& measured) {
    const BundleFacts bundle = facts_of(measured);
    if (bundle.pieces.empty()) return "-";
    double training = 0.0, validation = 0.0, test = 0.0;
    for (const BundleFacts::Pieces& pieces : bundle.pieces) {
        training += pieces.training;
        validation += pieces.validation;
        test += pieces.test;
    }
    return fmt::format("{} pieces; {} for validation, {} held out", counted(training),
                       counted(validation), counted(test));
}

const std::vector<Fact>& facts() {
    using Form = Fact::Form;
    static const std::vector<Fact> all{
        {"Bundle", Form::text, [](const Measured& m) { return or_dash(facts_of(m).name); }},
        {"Preset", Form::text, [](const Measured& m) { return or_dash(facts_of(m).preset); }},
        {"Measured on", Form::text,
         [](const Measured& m) {
             return fmt::format("{} pieces, {} events", counted(m.mean.pieces),
                                counted(m.mean.events));
         }},
        {"Genres", Form::text, genres_of},
        {"Vocabulary", Form::text,
         [](const Measured& m) { return counted(facts_of(m).vocabulary) + " events"; }},
        {"Trained on", Form::text, trained_on},
        {"Seeds", Form::text,
         [](const Measured& m) {
             return fmt::format("{} of the training, {} of the split", fixed(facts_of(m).seed, 0),
                                fixed(facts_of(m).split_seed, 0));
         }},
        {"Made", Form::text, [](const Measured& m) { return or_dash(facts_of(m).made); }},
        {"LibTorch", Form::text, [](const Measured& m) { return or_dash(facts_of(m).libtorch); }},
        {"Corpus digest", Form::code,
         [](const Measured& m) { return or_dash(facts_of(m).corpus_digest); }},
        {"Command", Form::code, [](const Measured& m) { return or_dash(facts_of(m).command); }},
        {"Licences", Form::text, [](const Measured& m) { return or_dash(facts_of(m).licence); }},
    };
    return all;
}

std::string input_heads(const Inputs& inputs, std::string_view classes) {
    std::string heads;
    for (const Measured& measured : inputs) heads += head_cell(measured.name, classes);
    return heads;
}

std::string mark(const Outcome& outcome) {
    struct Face {
        std::string_view classes, sign, word;
    };
    const Face face = [&]() -> Face {
        switch (outcome.verdict) {
            case Verdict::reached: return {"reached", "✓", "reached"};
            case Verdict::missed: return {"missed", "✗", "missed"};
            case Verdict::no_figure: return {"unknown", "?", "no figure"};
            case Verdict::not_measured: break;
        }
        return {"unknown", "·", "not measured"};
    }();
    return fmt::format(R"(<td class="verdict {}"><span class="sign">{}</span> <b>{}</b>{}{}</td>)",
                       face.classes, face.sign, face.word,
                       outcome.figure.empty()
                           ? ""
                           : fmt::format(" <span class=\"of\">{}</span>", escaped(outcome.figure)),
                       outcome.others.empty()
                           ? ""
                           : fmt::format("<br/><small>{}</small>", escaped(outcome.others)));
}

// `whose` is empty where the sentence needs no name.
std::string strong_sentence(const Measured& measured, std::string_view whose) {
    if (measured.strong.empty())
        return fmt::format("{} names no strong genres.",
                           whose.empty() ? std::string_view{"This evaluation"} : whose);
    const bool one = measured.strong.size() == 1;
    return fmt::format("{}{}{} {} {}.", one ? "The strong genre" : "Strong genres",
                       whose.empty() ? "" : " of ", whose, one ? "is" : "are",
                       listed(measured.strong));
}

// In one sentence where all evaluations have the same ones.
std::string strong_sentences(const Inputs& inputs) {
    const bool same = std::all_of(inputs.begin(), inputs.end(), [&](const Measured& measured) {
        return measured.strong == inputs.front().strong;
    });
    if (inputs.size() == 1 || (same && !inputs.front().strong.empty()))
        return strong_sentence(inputs.front(), "");
    std::vector<std::string> sentences;
    for (const Measured& measured : inputs)
        sentences.push_back(strong_sentence(measured, measured.name));
    return joined(sentences, " ");
}

}  // namespace

std::string facts_section(const Inputs& inputs) {
    std::string body;
    for (const Fact& fact : facts()) {
        body += fmt::format("<tr>{}", row_head(fact.name));
        for (const Measured& measured : inputs) {
            const std::string text = escaped(fact.of(measured));
            body += fact.form == Fact::Form::code ? fmt::format("<td><code>{}</code></td>", text)
                                                  : fmt::format("<td>{}</td>", text);
        }
        body += "</tr>\n";
    }
    return section("measured", "What was measured", "",
                   fmt::format("<div class=\"scroll\"><table class=\"facts\">\n<thead><tr>"
                               "<th scope=\"col\">Evaluation</th>{}</tr></thead>\n<tbody>\n{}"
                               "</tbody></table></div>\n",
                               input_heads(inputs, ""), body));
}

std::string targets_section(const Inputs& inputs) {
    std::string body;
    for (const Target& target : targets()) {
        body += fmt::format("<tr>{}<td>{}</td>", row_head(target.what), escaped(target.wanted));
        for (const Measured& measured : inputs) body += mark(target.judge(measured));
        body += "</tr>\n";
    }
    const std::string lede =
        fmt::format("{} Where a target holds for each of several, the figure is the worst of them.",
                    escaped(strong_sentences(inputs)));
    return section("targets", "Targets", lede,
                   fmt::format("<div class=\"scroll\"><table class=\"targets\">\n<thead><tr>"
                               "<th scope=\"col\">Figure</th><th scope=\"col\">Target</th>{}</tr>"
                               "</thead>\n<tbody>\n{}</tbody></table></div>\n",
                               input_heads(inputs, ""), body));
}

}  // namespace fusion::train::report

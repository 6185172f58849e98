#include "osc/catalogue.hpp"

#include <array>

#include <fmt/format.h>

#include "engine/params/table.hpp"

namespace fusion {
namespace {

struct Row {
    std::string_view path, types, doc;
};

constexpr std::array kVerbs{
    Row{"/fusiond/weights", "f ...", "Sets the weights of the first genres at once; answers all."},
    Row{"/fusiond/help", "s path", "Says what a path is, or, without an argument, what each is."},
    Row{"/fusiond/subscribe", "i seconds",
        "Begins the streams to the sender; 0 ends them; without an argument for a minute after the "
        "sender's last packet."},
    Row{"/notify", "i", "SuperCollider's way to the same: 1 begins, 0 ends."},
    Row{"/status", "",
        "Answers /status.reply: i playing, f tempo in force, s rung of the ladder, i lateness p99 "
        "in "
        "us, i underruns, i whether the clock is real-time, i steps ready, i steps played, i steps "
        "too "
        "late to play, i whether memory is locked, s sync, s what came of it, f song position in "
        "beats, then s for each genre."},
    Row{"/version", "", "Answers /version.reply: s name, s version."},
    Row{"/sync", "i", "Answers /synced with the same argument once all before it is done."},
};
constexpr std::array kStreams{
    Row{"/fusiond/note", "i pitch, i velocity, i channel, f beats, s rung", "A note begins."},
    Row{"/fusiond/beat", "i number, i beat of the bar", "A beat begins."},
    Row{"/fusiond/<parameter>", "as above", "It changed; weights too."},
    Row{"/fail", "s path, s reason", "To who sent what could not be done, or not as asked."},
};

char type_of(ParamType type) {
    switch (type) {
        case ParamType::real: return 'f';
        case ParamType::integer:
        case ParamType::toggle: return 'i';
        case ParamType::choice: return 's';
    }
    return '?';
}

OscEntry entry_of(const ParamSpec& row) {
    OscEntry entry;
    entry.path = fmt::format("{}/{}", kOscRoot, row.name);
    entry.types.assign(1, type_of(row.type));
    entry.unit = row.unit;
    entry.range =
        row.words.empty() ? fmt::format("{} to {}", row.minimum, row.maximum) : words_of(row);
    entry.initial = row.words.empty()
                        ? fmt::format("{}", row.initial)
                        : std::string{row.words[static_cast<std::size_t>(row.initial)]};
    entry.cc = row.cc;
    entry.doc = row.doc;
    return entry;
}

OscEntry entry_of(std::string_view genre, std::optional<std::uint8_t> cc) {
    OscEntry entry;
    entry.path = fmt::format("{}/{}/{}", kOscRoot, kGenreWeightSpec.family, genre);
    entry.types.assign(1, 'f');
    entry.unit = kGenreWeightSpec.unit;
    entry.range = fmt::format("{} to {}", kGenreWeightSpec.minimum, kGenreWeightSpec.maximum);
    entry.initial = fmt::format("{}", kGenreWeightSpec.initial);
    entry.cc = cc;
    entry.doc = kGenreWeightSpec.doc;
    return entry;
}

OscEntry entry_of(const ActionSpec& row) {
    OscEntry entry;
    entry.kind = OscEntry::Kind::action;
    entry.path = fmt::format("{}/{}", kOscRoot, row.name);
    entry.doc = row.doc;
    if (!row.argument) return entry;
    entry.types.assign(1, 'f');
    entry.unit = row.argument->unit;
    entry.range = fmt::format("{} to {}", row.argument->minimum, row.argument->maximum);
    return entry;
}

OscEntry entry_of(OscEntry::Kind kind, const Row& row) {
    OscEntry entry;
    entry.kind = kind;
    entry.path = row.path;
    entry.types = row.types;
    entry.doc = row.doc;
    return entry;
}

void add_rows(std::string& page, const std::vector<OscEntry>& all, OscEntry::Kind kind,
              std::string_view head) {
    page += head;
    for (const auto& entry : all) {
        if (entry.kind != kind) continue;
        page += fmt::format("| `{}` | {} |", entry.path, entry.types);
        if (kind == OscEntry::Kind::parameter)
            page += fmt::format(" {} | {} | {} | {} |", entry.unit, entry.range, entry.initial,
                                entry.cc ? fmt::format("{}", *entry.cc) : "");
        if (kind == OscEntry::Kind::action)
            page += fmt::format(" {} | {} |", entry.unit, entry.range);
        page += fmt::format(" {} |\n", entry.doc);
    }
}

}  // namespace

std::vector<OscEntry> osc_catalogue(std::span<const std::string> genres) {
    std::vector<OscEntry> all;
    if (genres.empty()) all.push_back(entry_of("<genre>", {}));
    for (std::size_t g = 0; g < genres.size(); ++g)
        all.push_back(entry_of(genres[g], g < kWeightCcs
                                              ? std::optional<std::uint8_t>(
                                                    static_cast<std::uint8_t>(kFirstWeightCc + g))
                                              : std::nullopt));
    for (const auto& row : param_table()) all.push_back(entry_of(row));
    for (const auto& row : action_table()) all.push_back(entry_of(row));
    for (const auto& row : kVerbs) all.push_back(entry_of(OscEntry::Kind::verb, row));
    for (const auto& row : kStreams) all.push_back(entry_of(OscEntry::Kind::stream, row));
    return all;
}

OscMessage help_reply(const OscEntry& entry) {
    return {"/fusiond/help.reply",
            {entry.path, entry.types, entry.unit, entry.range, entry.initial, entry.doc}};
}

std::string osc_reference() {
    const auto all = osc_catalogue({});
    std::string page =
        "# Every OSC path\n\n"
        "Made by `fusiond --reference` from the parameter table; a test holds the two together.\n\n"
        "A number may come as `i`, `h`, `f`, `d`, `T` or `F`. A path without an argument asks for "
        "its "
        "value; the\nanswer goes to the sender. A value out of range is clamped and told with "
        "`/fail`; "
        "what is no number is\nrefused. Address patterns reach parameters and weights, not "
        "actions. The "
        "same names are the keys of\n`[parameters]` in the configuration.\n\n"
        "## Parameters\n\n";
    add_rows(
        page, all, OscEntry::Kind::parameter,
        "| path | type | unit | range | default | CC | |\n| --- | --- | --- | --- | --- | --- | "
        "--- |\n");
    page +=
        fmt::format("\nThe weights' controllers are {} to {}, for the bundle's first {} genres.\n",
                    kFirstWeightCc, kFirstWeightCc + kWeightCcs - 1, kWeightCcs);
    add_rows(
        page, all, OscEntry::Kind::action,
        "\n## Actions\n\nAn argument of 0 does nothing, so that a button's release is none.\n\n"
        "| path | argument | unit | range | |\n| --- | --- | --- | --- | --- |\n");
    add_rows(page, all, OscEntry::Kind::verb,
             "\n## Verbs\n\n| path | arguments | |\n| --- | --- | --- |\n");
    add_rows(
        page, all, OscEntry::Kind::stream,
        "\n## What is sent\n\nTo subscribers, but for `/fail`.\n\n| path | arguments | |\n| --- | "
        "--- | --- |\n");
    return page;
}

}  // namespace fusion

#include "osc/catalogue.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace fusion {
namespace {

using Need = OscArgument::Need;

struct RowArgument {
    char type;
    std::string_view name;
    Need need = Need::required;
};
struct Row {
    std::string_view path;
    std::vector<RowArgument> arguments;
    std::string_view doc;
};

const std::vector<Row>& verbs() {
    static const std::vector<Row> rows{
        {"/fusiond/weights",
         {{'f', "weight", Need::repeated}},
         "Sets the weights of the first genres at once; answers all."},
        {"/fusiond/help",
         {{'s', "path", Need::optional}},
         "Says what a path or a pattern is, or, without an argument, what each is."},
        {"/fusiond/scene/list",
         {},
         "Answers /fusiond/scene/list.reply with the scenes' names, those that were saved first, "
         "then those that come with fusiond."},
        {"/fusiond/record",
         {{'s', "on, off or export", Need::optional}},
         "Records what is played, or no longer; export makes the file that is being written whole "
         "and goes on in the next. Answers /fusiond/record.reply: s on or off, s the file that is "
         "being written, s the last that is whole, s what is wrong."},
        {"/fusiond/tape/list",
         {},
         "Answers /fusiond/tape/list.reply with the MIDI files that tape/load can name, the newest "
         "first."},
        {"/fusiond/reload",
         {{'i', "begin", Need::optional}},
         "Reads the configuration and the bundle anew while it plays; 0 only asks how the last "
         "time went. Answers /fusiond/reload.reply: i the how many-th, s begun, done or refused, s "
         "what came of it."},
        {"/fusiond/flight",
         {{'i', "begin", Need::optional}},
         "Writes a flight: the controls since the line began and the last notes, for `fusiond "
         "replay`; 0 only asks how the last time went. Answers /fusiond/flight.reply: i the how "
         "many-th, s begun, written or refused, s the file, or why not."},
        {"/fusiond/subscribe",
         {{'i', "seconds", Need::optional}, {'s', "stream", Need::repeated}},
         "Begins the streams to the sender, all but planned and band, or those named (note, beat, "
         "proposal, weights, changes, scene, learned, late, chord, tape, planned, band); 0 ends "
         "them; "
         "without an argument for a minute after the sender's last packet."},
        {"/fusiond/subscribe_at",
         {{'i', "port"}, {'i', "seconds", Need::optional}, {'s', "stream", Need::repeated}},
         "The same for who listens at another port of its machine than it sends from."},
        {"/notify", {{'i', ""}}, "SuperCollider's way to the same: 1 begins, 0 ends."},
        {"/status",
         {},
         "Answers /status.reply: i playing, f tempo in force, s rung of the ladder, i lateness p99 "
         "in us, i underruns, i whether the clock is real-time, i steps ready, i steps played, i "
         "steps too late to play, i whether memory is locked, s sync, s what came of it, i song "
         "position in whole beats, f the rest of it, then s for each genre."},
        {"/version", {}, "Answers /version.reply: s name, s version."},
        {"/sync",
         {{'i', ""}},
         "Answers /synced with the same argument once all before it is done."},
        {"/fusiond/hello",
         {{'s', "cookie", Need::optional}},
         "Shows that its sender hears us: answers /fusiond/hello with a cookie; that sent back as "
         "it came is answered by /done. Other machines get short answers and no streams before, "
         "and are asked again while they listen."},
        {"/fusiond/schedule",
         {},
         "Answers /fusiond/schedule.reply about bundles with time tags: i messages waiting, i "
         "late, "
         "f the latest in ms, i refused."},
        {"/clearSched", {}, "Drops every message that waits for its time; answers /done."},
        {"/dumpOSC",
         {{'i', ""}},
         "Writes what comes in to the log: 1 in words, 2 in bytes, 3 both, 0 not."},
    };
    return rows;
}

const std::vector<Row>& streams() {
    static const std::vector<RowArgument> band_note{
        {'i', "pitch"}, {'i', "velocity"}, {'i', "channel"}, {'f', "beats"}, {'f', "position"}};
    static const std::vector<Row> rows{
        {"/fusiond/note",
         {{'i', "pitch"},
          {'i', "velocity"},
          {'i', "channel"},
          {'f', "beats"},
          {'s', "rung"},
          {'f', "position"}},
         "A note begins; its position in beats as /fusiond/beat counts them, before swing and "
         "lean."},
        {"/fusiond/proposal/<genre>",
         {{'i', "pitch"}, {'i', "velocity"}, {'f', "beats"}},
         "What this genre's own network would have played there; pitch -1 is a rest."},
        {"/fusiond/planned",
         {{'i', "revision"},
          {'f', "position", Need::repeated},
          {'f', "duration", Need::repeated},
          {'i', "pitch", Need::repeated},
          {'i', "velocity", Need::repeated}},
         "What comes next as it is planned now, as it changes, 20 times a second at the most: four "
         "numbers for each step that may still become another; pitch -1 is a rest. Position and "
         "duration in beats, pitch and velocity as the port would get them. The revision grows "
         "when a control has made it another."},
        {"/fusiond/planned/<genre>",
         {{'i', "revision"},
          {'f', "position", Need::repeated},
          {'f', "duration", Need::repeated},
          {'i', "pitch", Need::repeated},
          {'i', "velocity", Need::repeated}},
         "The same of what this genre's own network would have there."},
        {"/fusiond/bass/note", band_note, "A note of the bass begins."},
        {"/fusiond/chords/note", band_note, "A note of the chords begins."},
        {"/fusiond/drums/note", band_note,
         "The drums strike; the pitch is a key of the General MIDI percussion map."},
        {"/fusiond/beat", {{'i', "number"}, {'i', "beat of the bar"}}, "A beat begins."},
        {"/fusiond/weights",
         {{'f', "weight", Need::repeated}},
         "The weights in force, on their way along a ramp: one for each genre, with each step that "
         "moves them."},
        {"/fusiond/chord",
         {{'s', "chord"}},
         "The chord in force where chords are given by hand, as it changes; N.C. where the line is "
         "free. Asked without an argument it answers itself."},
        {"/fusiond/section",
         {{'s', "section"}},
         "The section that is played, as it changes: a letter, with a prime where it is varied; - "
         "where the line has no form. Asked without an argument it answers itself."},
        {"/fusiond/tape",
         {{'s', "name"}, {'s', "state"}, {'f', "position"}, {'f', "length"}, {'s', "news"}},
         "The MIDI file that is played in the line's place, as it changes, and ten times a second "
         "while it plays: empty, reading, stopped or playing; position and length in its beats; "
         "why the last was not taken. Asked without an argument it answers itself."},
        {"/fusiond/scene",
         {{'s', "name"}, {'f', "progress"}},
         "A scene is recalled: 0 where it begins, 1 when it is whole."},
        {"/fusiond/learned",
         {{'s', "path"}, {'s', "news"}},
         "What became of learning it: which controller turns it now, or that none does."},
        {"/fusiond/late", {{'f', "ms"}}, "The latest of the bundles that came after their time."},
        {"/fusiond/<parameter>", {{'f', "value"}}, "It changed, in its own type; families too."},
        {"/fail",
         {{'s', "path"}, {'s', "reason"}},
         "To who sent what could not be done, or not as asked."},
    };
    return rows;
}

char type_of(ParamType type) {
    switch (type) {
        case ParamType::real: return 'f';
        case ParamType::integer:
        case ParamType::toggle: return 'i';
        case ParamType::choice: return 's';
    }
    return '?';
}

OscEntry entry_of(const Parameter& parameter) {
    OscEntry entry;
    entry.path = fmt::format("{}/{}", kOscRoot, parameter.tail);
    entry.cc = parameter.cc;
    entry.doc = parameter.doc;
    OscArgument value;
    value.type = type_of(parameter.type);
    value.unit = parameter.unit;
    value.initial = osc_value(parameter, parameter.initial);
    if (parameter.words.empty()) {
        value.minimum = parameter.minimum;
        value.maximum = parameter.maximum;
    }
    for (const auto word : parameter.words) value.words.emplace_back(word);
    entry.arguments.push_back(std::move(value));
    if (!parameter.is_weight()) return entry;
    const auto& longest = spec(ParamId::ramp);
    OscArgument ramp;
    ramp.name = longest.name;
    ramp.need = Need::optional;
    ramp.unit = longest.unit;
    ramp.minimum = longest.minimum;
    ramp.maximum = longest.maximum;
    entry.arguments.push_back(std::move(ramp));
    return entry;
}

OscEntry entry_of(const ActionSpec& row) {
    OscEntry entry;
    entry.kind = OscEntry::Kind::action;
    entry.path = fmt::format("{}/{}", kOscRoot, row.name);
    entry.doc = row.doc;
    for (const auto& argument : row.arguments) {
        OscArgument made;
        const bool number = argument.kind == ArgumentSpec::Kind::number;
        made.type = number ? 'f' : 's';
        made.name = argument.name;
        made.need = argument.need == ArgumentSpec::Need::optional ? Need::optional : Need::required;
        made.unit = argument.unit;
        if (number) {
            made.minimum = argument.minimum;
            made.maximum = argument.maximum;
        }
        entry.arguments.push_back(std::move(made));
    }
    return entry;
}

OscEntry entry_of(OscEntry::Kind kind, const Row& row) {
    OscEntry entry;
    entry.kind = kind;
    entry.path = row.path;
    entry.doc = row.doc;
    for (const auto& [type, name, need] : row.arguments) {
        OscArgument made;
        made.type = type;
        made.name = name;
        made.need = need;
        entry.arguments.push_back(std::move(made));
    }
    return entry;
}

std::string words_of(const OscArg& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    return fmt::format("{:.6g}", osc_number(value).value_or(0.0));
}

// The argument that the columns speak of: the value of a parameter, the number of an action.
const OscArgument* main_argument(const OscEntry& entry) {
    for (const auto& argument : entry.arguments)
        if (argument.minimum || !argument.words.empty()) return &argument;
    return nullptr;
}

// A stroke ends a cell of a table.
std::string in_a_cell(std::string_view text) {
    std::string cell;
    for (const char c : text) {
        if (c == '|') cell += '\\';
        cell += c;
    }
    return cell;
}

void add_rows(std::string& page, const std::vector<OscEntry>& all, OscEntry::Kind kind,
              std::string_view head) {
    page += head;
    for (const auto& entry : all) {
        if (entry.kind != kind) continue;
        page += fmt::format("| `{}` | {} |", entry.path, types_of(entry));
        if (kind == OscEntry::Kind::parameter)
            page += fmt::format(" {} | {} | {} | {} |", unit_of(entry), range_of(entry),
                                initial_of(entry), entry.cc ? fmt::format("{}", *entry.cc) : "");
        if (kind == OscEntry::Kind::action)
            page += fmt::format(" {} | {} |", unit_of(entry), range_of(entry));
        page += fmt::format(" {} |\n", in_a_cell(entry.doc));
    }
}

}  // namespace

std::vector<OscEntry> osc_catalogue(std::span<const std::string> genres) {
    const std::vector<std::string> all_alike{"<genre>"};
    const auto parameters = parameters_of(genres.empty() ? std::span{all_alike} : genres);
    std::vector<OscEntry> all;
    const auto add_parameters = [&](std::size_t from, std::size_t to) {
        for (auto c = from; c < to; ++c) {
            all.push_back(entry_of(parameters[c]));
            all.back().parameter = c;
        }
    };
    add_parameters(kParamCount, parameters.size());  // the weights lead: they are what it is about
    add_parameters(0, kParamCount);
    for (const auto& row : action_table()) all.push_back(entry_of(row));
    for (const auto& row : verbs()) all.push_back(entry_of(OscEntry::Kind::verb, row));
    for (const auto& row : streams()) all.push_back(entry_of(OscEntry::Kind::stream, row));
    return all;
}

OscArg osc_value(const Parameter& parameter, double value) {
    if (const auto word = word_of(parameter, value)) return std::string{*word};
    if (parameter.type == ParamType::real) return static_cast<float>(value);
    return static_cast<std::int32_t>(value);
}

std::string types_of(const OscEntry& entry) {
    std::string text;
    bool repeats = false;
    for (const auto& argument : entry.arguments) {
        std::string one(1, argument.type);
        if (!argument.name.empty()) one += fmt::format(" {}", argument.name);
        if (argument.need == Need::optional) one = fmt::format("[{}]", one);
        if (argument.need == Need::repeated && !std::exchange(repeats, true)) one.insert(0, 1, '[');
        text += fmt::format("{}{}", text.empty() ? "" : ", ", one);
    }
    return repeats ? text + " ...]" : text;
}

std::string unit_of(const OscEntry& entry) {
    const auto* argument = main_argument(entry);
    return argument == nullptr ? std::string{} : argument->unit;
}

std::string range_of(const OscEntry& entry) {
    const auto* argument = main_argument(entry);
    if (argument == nullptr) return {};
    if (!argument->words.empty()) {
        const std::vector<std::string_view> words{argument->words.begin(), argument->words.end()};
        return join_words(words);
    }
    return fmt::format("{} to {}", *argument->minimum, *argument->maximum);
}

std::string initial_of(const OscEntry& entry) {
    const auto* argument = main_argument(entry);
    return argument == nullptr || !argument->initial ? std::string{} : words_of(*argument->initial);
}

OscMessage help_reply(const OscEntry& entry) {
    return {"/fusiond/help.reply",
            {entry.path, types_of(entry), unit_of(entry), range_of(entry), initial_of(entry),
             entry.doc}};
}

std::string osc_reference() {
    const auto all = osc_catalogue({});
    std::string page =
        "# Every OSC path\n\n"
        "Made by `fusiond --reference` from the parameter table; a test holds the two together, "
        "and "
        "with what\nOSCQuery and `/fusiond/help` say.\n\n"
        "A number may come as `i`, `h`, `f`, `d`, `T` or `F`, or as text (`s`, `S`, `c`): `96`, "
        "`+96.5`, `on`, `off`. A\n"
        "path without an argument, or with a nil (`N`), asks for its value; the answer goes to the "
        "sender. A value out\n"
        "of range is clamped and told with `/fail`; what is no number, or may mean two things, is "
        "refused, with what\n"
        "would be understood. Words go without regard to case, blanks, hyphens and underscores; "
        "`key` takes every usual\n"
        "spelling (`Db`, `A#`, `c sharp`) and, as `scale` does, both at once (`Am`, `D dorian`). "
        "What was sent otherwise\n"
        "than it is said here is answered by the value in force. Arrays are taken as what is in "
        "them; what is one\n"
        "argument too many is left out and told once in the log. A path may end with a slash and "
        "differ in case.\n"
        "Address patterns reach parameters and families, not actions. The same names are the keys "
        "of `[parameters]` and\n"
        "of a section for each family in the configuration. [In brackets]: may be left out.\n\n"
        "## Parameters\n\n";
    add_rows(
        page, all, OscEntry::Kind::parameter,
        "| path | type | unit | range | default | CC | |\n| --- | --- | --- | --- | --- | --- | "
        "--- |\n");
    const auto& weight = spec(FamilyId::weight);
    page += fmt::format(
        "\nWhat stands for `<genre>` is one of the bundle's genres. The weights' controllers are "
        "{} "
        "to {}, for its\nfirst {} genres; its channels count up from {}.\n",
        *weight.first_cc, *weight.first_cc + kWeightCcs - 1, kWeightCcs,
        spec(FamilyId::part_channel).initial);
    add_rows(page, all, OscEntry::Kind::action,
             "\n## Actions\n\nA single argument of 0 does nothing, so that a button's release is "
             "none; tape/seek goes to\nthe beginning.\n\n| path | arguments | unit | range | |\n| "
             "--- | --- | --- | --- | --- |\n");
    add_rows(page, all, OscEntry::Kind::verb,
             "\n## Verbs\n\n| path | arguments | |\n| --- | --- | --- |\n");
    add_rows(
        page, all, OscEntry::Kind::stream,
        "\n## What is sent\n\nTo subscribers, but for `/fail`.\n\n| path | arguments | |\n| --- "
        "| --- | --- |\n");
    return page;
}

}  // namespace fusion

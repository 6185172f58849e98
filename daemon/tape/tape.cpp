#include "daemon/tape/tape.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace fusion {
namespace {

constexpr double kUsualBpm = 120.0;  // the standard's, where a file names none
constexpr double kSlowestBpm = 1.0, kFastestBpm = 1000.0;
constexpr double kNsPerMinute = 60e9;
constexpr std::size_t kMostNameBytes = 128;

// The tracks on one line of time, in the file's ticks.
struct Laid {
    std::vector<SmfNote> notes;
    std::vector<SmfMessage> others;
    std::vector<SmfTempo> tempi;
};

Laid lay(const Smf& smf) {
    Laid all;
    SmfTime begin = 0;
    for (const auto& track : smf.tracks) {
        for (auto note : notes_of(track)) {
            note.onset += begin;
            note.end += begin;
            all.notes.push_back(note);
        }
        for (const auto& [at, message] : track.messages)
            if (!message.is_note_on() && !message.is_note_off())
                all.others.push_back({begin + at, message});
        for (const auto& [at, tempo] : track.tempi) all.tempi.push_back({begin + at, tempo});
        if (smf.format == 2) begin += track.end;
    }
    const auto earlier = [](const auto& a, const auto& b) { return a.at < b.at; };
    std::ranges::stable_sort(all.others, earlier);
    std::ranges::stable_sort(all.tempi, earlier);
    std::ranges::stable_sort(all.notes, {}, &SmfNote::onset);
    return all;
}

// A key sounds once at a time: whoever strikes it again ends what sounds there. Of two that strike
// it together one is left, and sounds for as long as the longer.
void part_the_keys(std::vector<SmfNote>& notes) {
    constexpr auto kNone = static_cast<std::size_t>(-1);
    std::array<std::size_t, std::size_t{16} * 128> last{};
    last.fill(kNone);
    for (std::size_t i = 0; i < notes.size(); ++i) {
        auto& note = notes[i];
        auto& before =
            last[std::size_t{note.channel.count()} * 128 + std::size_t{note.pitch.count()}];
        if (before != kNone && notes[before].onset == note.onset) {
            notes[before].end = std::max(notes[before].end, note.end);
            note.end = note.onset;  // it is taken out
            continue;
        }
        if (before != kNone) notes[before].end = std::min(notes[before].end, note.onset);
        before = i;
    }
    std::erase_if(notes, [](const SmfNote& note) { return note.end <= note.onset; });
}

struct Placed {
    enum class Rank : std::uint8_t { end, other, beginning };
    SmfTime at;
    Rank rank;
    MidiMessage message;
};

std::vector<Placed> placed(const Laid& all) {
    std::vector<Placed> moments;
    moments.reserve(2 * all.notes.size() + all.others.size());
    for (const auto& note : all.notes) {
        moments.push_back({note.onset, Placed::Rank::beginning,
                           note_on(note.channel, note.pitch, note.velocity)});
        moments.push_back({note.end, Placed::Rank::end, note_off(note.channel, note.pitch)});
    }
    for (const auto& [at, message] : all.others)
        moments.push_back({at, Placed::Rank::other, message});
    std::ranges::stable_sort(moments, [](const Placed& a, const Placed& b) {
        return std::pair{a.at, a.rank} < std::pair{b.at, b.rank};
    });
    return moments;
}

Nanos nanos(double ns) { return Nanos{std::llround(ns)}; }

}  // namespace

Result<Tape> make_tape(const Smf& smf, std::string_view name) {
    auto all = lay(smf);
    part_the_keys(all.notes);
    const auto refuse = [&](Error::Code code, const std::string& what) {
        return fail(code, fmt::format("{}: {}", name, what));
    };
    if (all.notes.empty()) return refuse(Error::Code::malformed, "there is no note in it");
    const auto moments = placed(all);
    if (moments.size() > kMostTapeMessages)
        return refuse(Error::Code::unsupported,
                      fmt::format("it has {} messages; a tape has {} at most", moments.size(),
                                  kMostTapeMessages));
    Tape tape;
    tape.name_ = std::string{name.substr(0, kMostNameBytes)};
    tape.notes_ = all.notes.size();
    const double per_tick = static_cast<double>(kTicksPerBeat.count()) / smf.ticks_per_beat;
    const auto from_here = [&](double tick, double ns, double bpm) {
        const auto ns_per_tick = kNsPerMinute / std::clamp(bpm, kSlowestBpm, kFastestBpm) /
                                 static_cast<double>(kTicksPerBeat.count());
        tape.stretches_.push_back({tick, ns, ns_per_tick});
    };
    from_here(0.0, 0.0, kUsualBpm);
    for (const auto& [at, tempo] : all.tempi) {
        const auto& last = tape.stretches_.back();
        const auto tick = static_cast<double>(at) * per_tick;
        from_here(tick, last.ns + (tick - last.tick) * last.ns_per_tick, tempo.count());
    }
    const double longest = std::chrono::duration<double, std::nano>(kLongestTape).count();
    tape.moments_.reserve(moments.size());
    std::size_t stretch = 0;
    for (const auto& moment : moments) {
        const auto tick = static_cast<double>(moment.at) * per_tick;
        while (stretch + 1 < tape.stretches_.size() && tape.stretches_[stretch + 1].tick <= tick)
            ++stretch;
        const auto& here = tape.stretches_[stretch];
        const auto ns = here.ns + (tick - here.tick) * here.ns_per_tick;
        if (!(ns <= longest))
            return refuse(Error::Code::unsupported,
                          fmt::format("it lasts longer than {} hours", kLongestTape.count()));
        tape.moments_.push_back({nanos(ns), moment.message});
    }
    tape.length_ = tape.moments_.back().at;
    for (const auto& mend : smf.mends)
        tape.mends_ += fmt::format("{}{}", tape.mends_.empty() ? "" : ", ", mend.kind);
    return tape;
}

Result<Tape> read_tape(std::span<const std::uint8_t> bytes, std::string_view name) {
    const auto smf = read_smf(bytes, name);
    if (!smf) return tl::unexpected{smf.error()};
    return make_tape(*smf, name);
}

Nanos Tape::time_at(Ticks tick) const {
    const auto place = static_cast<double>(std::max(tick, Ticks{0}).count());
    const auto after = std::ranges::upper_bound(stretches_, place, {}, &Stretch::tick);
    const auto& here = *std::prev(after);
    const auto ns = here.ns + (place - here.tick) * here.ns_per_tick;
    return std::min(length_, nanos(std::min(ns, static_cast<double>(length_.count()))));
}

Ticks Tape::ticks_at(Nanos time) const {
    const auto ns = static_cast<double>(std::clamp(time, Nanos{0}, length_).count());
    const auto after = std::ranges::upper_bound(stretches_, ns, {}, &Stretch::ns);
    const auto& here = *std::prev(after);
    return Ticks{std::llround(here.tick + (ns - here.ns) / here.ns_per_tick)};
}

std::size_t Tape::first_at(Nanos at) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(moments_, at, {}, &TapeMoment::at) -
                                    moments_.begin());
}

std::vector<MidiMessage> Tape::told_before(std::size_t moment) const {
    constexpr unsigned kControl = 0xB0U, kProgram = 0xC0U, kPressure = 0xD0U, kBend = 0xE0U;
    constexpr unsigned kFirstMode = 120;
    // Where it is told among the others: a bank before its program, the number of a parameter
    // (98 to 101) before its data (6 and 38).
    const auto rank = [](const MidiMessage& message) {
        if (message.status() != kControl) return message.status() == kProgram ? 1 : 5;
        const auto controller = message.bytes()[1];
        if (controller == 0 || controller == 32) return 0;
        if (controller >= 98 && controller <= 101) return 2;
        return controller == 6 || controller == 38 ? 3 : 4;
    };
    std::map<std::tuple<std::uint8_t, int, unsigned, unsigned>, MidiMessage> newest;
    for (const auto& [at, message] : moments().first(moment)) {
        const auto status = message.status();
        const unsigned number = status == kControl ? message.bytes()[1] : 0U;
        if (status == kControl && number >= kFirstMode) continue;
        if (status != kControl && status != kProgram && status != kPressure && status != kBend)
            continue;
        newest.insert_or_assign(
            std::tuple{message.channel().count(), rank(message), unsigned{status}, number},
            message);
    }
    std::vector<MidiMessage> told;
    told.reserve(newest.size());
    for (const auto& [key, message] : newest) told.push_back(message);
    return told;
}

}  // namespace fusion

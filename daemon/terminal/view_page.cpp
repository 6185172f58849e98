#include "daemon/terminal/view_page.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "osc/streams.hpp"

namespace fusion {
namespace {

// Lays things below one another and says how many rows are left.
struct Column {
    Picture& page;
    int row = 0;
    int end = 0;
    [[nodiscard]] int left() const { return end - row; }
};

std::string key_and_scale(const ParamSnapshot& now) {
    const auto word = [&](ParamId id) {
        return spec(id).words[static_cast<std::size_t>(now.integer(id))];
    };
    std::string scale{word(ParamId::scale)};
    std::ranges::replace(scale, '_', ' ');
    return now.integer(ParamId::scale) == 0 ? fmt::format("{}", word(ParamId::key))
                                            : fmt::format("{} {}", word(ParamId::key), scale);
}

// "bar 12.3": bar and beat, from 1.
std::string place(const EngineMeters& meters, Meter meter) {
    const auto beat = kTicksPerBeat.count() * 4 / meter.denominator;
    const auto at =
        std::max<std::int64_t>(meters.play_head_ticks.load(std::memory_order_relaxed), 0) / beat;
    return fmt::format("bar {}.{}", at / meter.numerator + 1, at % meter.numerator + 1);
}

std::string sync_in_words(const ParamSnapshot& now, const EngineMeters& meters) {
    const auto sync = now.integer(ParamId::sync);
    if (sync == 0) return {};
    return fmt::format("{} {}", spec(ParamId::sync).words[static_cast<std::size_t>(sync)],
                       sync_state_name(meters.sync_state.load(std::memory_order_relaxed)));
}

// Parts of a line with two blanks between them, as many as find room.
class StatusLine {
public:
    StatusLine(Picture& page, int row) : page_{page}, row_{row} {}
    void add(std::string_view text, Ink ink = Ink::plain) {
        if (text.empty()) return;
        const int from = column_ == 0 ? 0 : column_ + 2;
        if (column_ > 0 && from + width_of(text) > page_.size().columns) return;
        column_ = page_.write(row_, from, text, ink);
    }

private:
    Picture& page_;
    int row_;
    int column_ = 0;
};

void draw_status(Column& column, const Viewed& viewed) {
    const auto& now = viewed.params.current();
    const auto& meters = viewed.meters;
    const bool plays = now.on(ParamId::playing);
    StatusLine line{column.page, column.row++};
    line.add(plays ? "▶ playing" : "■ stopped", plays ? Ink::good : Ink::warning);
    line.add(fmt::format("{:.1f} bpm", meters.tempo.load(std::memory_order_relaxed)), Ink::strong);
    line.add(place(meters, now.meter()));
    line.add(fmt::format("{}/{}", now.integer(ParamId::meter_numerator),
                         now.integer(ParamId::meter_denominator)));
    line.add(key_and_scale(now));
    line.add(viewed.facts.chord, Ink::accent);
    if (now.on(ParamId::hold)) line.add("hold", Ink::warning);
    if (now.on(ParamId::mute)) line.add("mute", Ink::warning);
    line.add(sync_in_words(now, meters));
    if (!viewed.facts.scene.empty())
        line.add(fmt::format("{} {:.0f}%", viewed.facts.scene, viewed.facts.scene_progress * 100),
                 Ink::accent);
}

void draw_meters(Column& column, const Viewed& viewed) {
    const auto& meters = viewed.meters;
    const auto count = [](const auto& counter) { return counter.load(std::memory_order_relaxed); };
    const auto rung = count(meters.rung);
    StatusLine line{column.page, column.row++};
    line.add(rung_name(rung), rung == Rung::neural ? Ink::good : Ink::warning);
    line.add(fmt::format("{} steps ahead", count(meters.horizon_depth)));
    line.add(fmt::format("late p99 {} µs", meters.lateness.percentile(0.99).count()));
    line.add(fmt::format("underruns {}", count(meters.underruns)),
             count(meters.underruns) == 0 ? Ink::plain : Ink::warning);
    if (!count(meters.clock_is_realtime)) line.add("NOT REAL-TIME", Ink::bad);
    line.add(viewed.facts.output, Ink::faint);
    line.add(viewed.facts.panel, Ink::faint);
}

// "▸1 classical █████████████░░░░░░░  5.0  50%"
void draw_weights(Column& column, const Viewed& viewed, int rows) {
    const auto& genres = viewed.params.genres();
    const auto& weights = viewed.params.current().weights;
    const auto blend = normalised(weights);
    int name_width = 0;
    for (const auto& genre : genres) name_width = std::max(name_width, width_of(genre));
    name_width = std::min(name_width, std::max(column.page.size().columns / 3, 4));
    const int numbers = 12;
    const int bar = std::clamp(column.page.size().columns - name_width - 4 - numbers, 0, 40);
    // The genre in hand stays in sight.
    const auto shown = static_cast<std::size_t>(rows);
    const auto first = viewed.hand.genre() < shown ? 0 : viewed.hand.genre() - shown + 1;
    for (auto g = first; g < std::min(genres.size(), first + shown); ++g) {
        const bool in_hand = g == viewed.hand.genre();
        const auto ink = in_hand ? Ink::strong : Ink::plain;
        const int row = column.row++;
        if (in_hand) column.page.write(row, 0, "▸", Ink::now);
        if (g < 9) column.page.write(row, 1, fmt::format("{}", g + 1), Ink::faint);
        column.page.write(row, 3, genres[g], ink, name_width);
        const int full = static_cast<int>(
            std::lround(weights.value[g] / kMaxGenreWeight * static_cast<float>(bar)));
        int at = 4 + name_width;
        for (int i = 0; i < bar; ++i)
            column.page.put(row, at++, i < full ? U'█' : U'░',
                            i < full ? (in_hand ? Ink::now : Ink::accent) : Ink::faint);
        column.page.write(row, at + 1, fmt::format("{:4.1f}", weights.value[g]), ink);
        column.page.write(row, at + 6, fmt::format("{:3.0f}%", blend.share[g] * 100), Ink::faint);
    }
}

void draw_log(Column& column, const Viewed& viewed, int rows) {
    const auto count = std::min<std::size_t>(static_cast<std::size_t>(rows), viewed.log.size());
    column.row += rows - static_cast<int>(count);
    for (auto i = viewed.log.size() - count; i < viewed.log.size(); ++i) {
        using Kind = HeldErrors::Line::Kind;
        const auto& line = viewed.log[i];
        column.page.write(column.row++, 0, line.text,
                          line.kind == Kind::error     ? Ink::bad
                          : line.kind == Kind::warning ? Ink::warning
                                                       : Ink::faint);
    }
}

void draw_last_line(Picture& page, int row, const Viewed& viewed) {
    using enum ViewHand::Page;
    const auto& hand = viewed.hand;
    if (hand.page() == naming) {
        const int at = page.write(row, 0, "name of the scene: ", Ink::strong);
        page.put(row, page.write(row, at, hand.typed()), U'█', Ink::now);
    } else if (hand.page() == ending) {
        page.write(row, 0, "end fusiond? q once more ends it, any other key goes on", Ink::warning);
    } else if (!hand.said().empty()) {
        page.write(row, 0, hand.said(), Ink::warning);
    } else {
        StatusLine line{page, row};
        for (const auto& binding : key_bindings())
            if (!binding.hint.empty())
                line.add(fmt::format("{} {}", binding.keys, binding.hint), Ink::faint);
    }
}

void draw_help(Column& column) {
    int width = 0;
    for (const auto& binding : key_bindings()) width = std::max(width, width_of(binding.keys));
    for (const auto& binding : key_bindings()) {
        if (binding.doc.empty() || column.left() == 0) continue;
        column.page.write(column.row, 2, binding.keys, Ink::strong);
        column.page.write(column.row++, width + 4, binding.doc);
    }
}

void draw_scenes(Column& column, const Viewed& viewed) {
    const auto& names = viewed.hand.scenes();
    const auto shown = static_cast<std::size_t>(std::max(column.left() - 2, 1));
    const auto chosen = viewed.hand.scene();
    const auto first = chosen < shown ? 0 : chosen - shown + 1;
    for (auto i = first; i < std::min(names.size(), first + shown); ++i) {
        if (i == chosen) column.page.write(column.row, 1, "▸", Ink::now);
        column.page.write(column.row++, 3, names[i], i == chosen ? Ink::strong : Ink::plain);
    }
    ++column.row;
    column.page.write(column.row, 1,
                      fmt::format("enter recalls, m morphs over {} beats, escape goes back",
                                  ViewHand::kMorphBeats),
                      Ink::faint);
}

void draw_live(Column& column, const Viewed& viewed) {
    constexpr int kLeastRoll = 4;
    constexpr int kMostLog = 4;
    const int genres = static_cast<int>(viewed.params.genres().size());
    const int weights = std::min(genres, column.left());
    draw_weights(column, viewed, weights);
    const int log = std::clamp(column.left() - kLeastRoll - 2, 0, kMostLog);
    const int roll = column.left() - log - (log > 0 ? 2 : 1);
    if (roll >= kLeastRoll) {
        ++column.row;
        viewed.roll.draw(column.page, {column.row, 0, roll, column.page.size().columns},
                         Ticks{viewed.meters.play_head_ticks.load(std::memory_order_relaxed)},
                         viewed.params.current().meter());
        column.row += roll;
    }
    if (log == 0) return;
    column.row = column.end - log;
    draw_log(column, viewed, log);
}

}  // namespace

Picture draw_page(const Viewed& viewed, PageSize size) {
    Picture page{size};
    if (size.rows < 1) return page;
    Column column{page, 0, size.rows};
    draw_status(column, viewed);
    if (size.rows > 2) {
        draw_last_line(page, size.rows - 1, viewed);
        --column.end;
    }
    if (size.rows > 4) draw_meters(column, viewed);
    if (size.rows > 6) ++column.row;
    using enum ViewHand::Page;
    switch (viewed.hand.page()) {
        case help: draw_help(column); break;
        case scenes: draw_scenes(column, viewed); break;
        default:
            if (column.left() > 0) draw_live(column, viewed);
    }
    return page;
}

}  // namespace fusion

#include "engine/train/report/svg_canvas.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "engine/train/report/markup.hpp"

namespace fusion::train {

namespace {

constexpr double kCharacter = 6.3;  // of the labels' 11 px, as wide as system fonts draw it
constexpr double kLegendRow = 18.0;
constexpr double kTitleRow = 22.0;
constexpr double kSlantRise = 0.643;   // of 40 degrees
constexpr double kSlantedLine = 14.0;  // between slanted labels, so that they clear each other
constexpr std::size_t kShort = 3;      // characters of a label that may be left out: a number

std::string_view anchor_name(Canvas::Anchor anchor) {
    constexpr std::array<std::string_view, 3> kNames{"start", "middle", "end"};
    return kNames.at(static_cast<std::size_t>(anchor));
}

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string tooltip(std::string_view hover) {
    return hover.empty() ? "" : fmt::format("<title>{}</title>", escaped(hover));
}

}  // namespace

std::string RoundTicks::label(double value) const {
    const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 12);
    // A multiple of the step that should be zero may be -1e-17.
    return fixed(std::abs(value) < step * 1e-6 ? 0.0 : value, decimals);
}

double round_step(PlotRange range, double wanted, Ticks ticks) {
    const double rough = range.span() / wanted;
    if (!std::isfinite(rough) || !(rough > 0.0)) return 0.0;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    // A hair of tolerance, or a span of 1.2 in 6 steps would not take 0.2.
    const double digit = rough / power - 1e-6;
    const double step = power * (digit <= 1.0   ? 1.0
                                 : digit <= 2.0 ? 2.0
                                 : digit <= 5.0 ? 5.0
                                                : 10.0);
    if (!std::isfinite(step)) return 0.0;
    return ticks == Ticks::whole ? std::max(step, 1.0) : step;
}

RoundTicks round_ticks(PlotRange range, double step) {
    if (!(step > 0.0)) return {};
    RoundTicks round{{}, step};
    const double first = std::ceil(range.low / step - 1e-6);
    const double last = std::floor(range.high / step + 1e-6);
    constexpr double kMost = 100.0;
    for (int i = 0; i <= std::clamp(last - first, -1.0, kMost); ++i)
        round.at.push_back((first + i) * step);
    return round;
}

PlotRange round_range(PlotRange range, double step) {
    if (!(step > 0.0)) return range;
    return {std::floor(range.low / step + 1e-6) * step, std::ceil(range.high / step - 1e-6) * step};
}

PlotRange range_of(const std::vector<const std::vector<double>*>& values) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    PlotRange range{kInfinity, -kInfinity};
    for (const std::vector<double>* some : values)
        for (const double value : *some)
            if (std::isfinite(value))
                range = {std::min(range.low, value), std::max(range.high, value)};
    if (range.low > range.high) return {};
    if (range.low == range.high) return {range.low - 0.5, range.high + 0.5};
    return range;
}

double text_width(std::string_view text) {
    return kCharacter * static_cast<double>(characters(text));
}

double widest(const std::vector<std::string>& texts) {
    double width = 0.0;
    for (const std::string& text : texts) width = std::max(width, text_width(text));
    return width;
}

std::string_view ink_class(Ink ink) {
    constexpr std::array<std::string_view, 8> kNames{"ink1", "ink2", "ink3", "ink4",
                                                     "ink5", "ink6", "pale", "grey"};
    return kNames.at(static_cast<std::size_t>(ink));
}

Canvas::Canvas(PlotSize size, std::string_view title) : width_(size.width), title_(title) {}

double Canvas::head(std::string_view title, const std::vector<LegendEntry>& legend) {
    double y = 4.0;
    if (!title.empty()) {
        text(0.0, y + 11.0, title, Anchor::start, "title");
        y += kTitleRow;
    }
    if (legend.empty()) return y;
    constexpr double kSample = 18.0, kGap = 6.0, kBetween = 18.0;
    double x = 0.0;
    for (const LegendEntry& entry : legend) {
        const double width = kSample + kGap + text_width(entry.name);
        if (x > 0.0 && x + width > width_) {
            x = 0.0;
            y += kLegendRow;
        }
        const double middle = y + 8.0;
        if (entry.shape == LegendEntry::Shape::band)
            box(x, middle - 5.0, kSample, 10.0, "band");
        else if (entry.shape == LegendEntry::Shape::box)
            box(x + 4.0, middle - 5.0, 10.0, 10.0, fmt::format("bar {}", ink_class(entry.ink)));
        else
            line(x, middle, x + kSample, middle,
                 fmt::format("curve {}{}", ink_class(entry.ink),
                             entry.shape == LegendEntry::Shape::dashes ? " dashed" : ""));
        text(x + kSample + kGap, middle + 4.0, entry.name, Anchor::start);
        x += width + kBetween;
    }
    return y + kLegendRow;
}

void Canvas::text(double x, double y, std::string_view text, Anchor anchor,
                  std::string_view classes) {
    body_ += fmt::format(
        R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}"{}>{}</text>)", x, y, anchor_name(anchor),
        classes.empty() ? "" : fmt::format(R"( class="{}")", classes), escaped(text));
}

void Canvas::slanted(double x, double y, std::string_view text, Anchor anchor) {
    body_ += fmt::format(
        "<text x=\"{0:.1f}\" y=\"{1:.1f}\" text-anchor=\"{2}\" "
        "transform=\"rotate(-40 {0:.1f} {1:.1f})\">{3}</text>",
        x, y, anchor_name(anchor), escaped(text));
}

void Canvas::line(double x1, double y1, double x2, double y2, std::string_view classes) {
    body_ += fmt::format(R"(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>)",
                         x1, y1, x2, y2, classes);
}

void Canvas::box(double x, double y, double width, double height, std::string_view classes,
                 std::string_view hover, double opacity) {
    body_ += fmt::format(
        R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}"{}>{}</rect>)", x,
        y, width, height, classes,
        opacity < 1.0 ? fmt::format(R"( fill-opacity="{:.3f}")", opacity) : "", tooltip(hover));
}

void Canvas::dot(double x, double y, std::string_view classes, std::string_view hover) {
    body_ += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="2.6" class="{}">{}</circle>)", x, y,
                         classes, tooltip(hover));
}

void Canvas::path(const std::vector<PlotSize>& points, std::string_view classes) {
    std::string steps;
    for (const PlotSize& point : points)
        steps +=
            fmt::format("{}{:.1f} {:.1f}", steps.empty() ? "M" : " L", point.width, point.height);
    body_ += fmt::format(R"(<path d="{}" class="{}"/>)", steps, classes);
}

std::string Canvas::finish(double height) const {
    return fmt::format(
        "<svg class=\"plot\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
        "role=\"img\" aria-label=\"{2}\">{3}</svg>\n",
        width_, height, escaped(title_), body_);
}

bool SlotLabels::slant() const {
    const bool short_ones = std::all_of(labels.begin(), labels.end(), [](const std::string& label) {
        return characters(label) <= kShort;
    });
    return !short_ones && widest(labels) + 6.0 > slot;
}

std::size_t SlotLabels::every() const {
    const double one = slant() ? kSlantedLine : widest(labels) + 6.0;
    // Steps that a reader counts in.
    for (const std::size_t step : {1, 2, 5, 10, 20, 50, 100})
        if (one <= slot * static_cast<double>(step)) return step;
    return 200;
}

double SlotLabels::height() const { return slant() ? widest(labels) * kSlantRise + 14.0 : 18.0; }

void SlotLabels::below(Canvas& canvas, double left, double top) const {
    for (std::size_t i = 0; i < labels.size(); i += every()) {
        const double middle = left + (static_cast<double>(i) + 0.5) * slot;
        if (slant())
            canvas.slanted(middle + 4.0, top + 12.0, labels[i], Canvas::Anchor::end);
        else
            canvas.text(middle, top + 14.0, labels[i], Canvas::Anchor::middle);
    }
}

void SlotLabels::above(Canvas& canvas, double left, double bottom) const {
    for (std::size_t i = 0; i < labels.size(); i += every()) {
        const double middle = left + (static_cast<double>(i) + 0.5) * slot;
        if (slant())
            canvas.slanted(middle, bottom - 6.0, labels[i], Canvas::Anchor::start);
        else
            canvas.text(middle, bottom - 6.0, labels[i], Canvas::Anchor::middle);
    }
}

}  // namespace fusion::train

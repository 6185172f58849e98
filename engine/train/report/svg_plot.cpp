#include "engine/train/report/svg_plot.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/train/report/markup.hpp"
#include "engine/train/report/svg_canvas.hpp"

namespace fusion::train {

namespace {

using Anchor = Canvas::Anchor;

constexpr double kRight = 10.0;       // room for half of the last label
constexpr double kAxisTitle = 16.0;   // a row of text
constexpr double kTickEvery = 42.0;   // upright: one for so many pixels
constexpr double kLevelEvery = 64.0;  // level, where labels lie side by side

// The field that values are drawn in, and where a value lies in it.
struct Field {
    double left = 0.0, top = 0.0, width = 0.0, height = 0.0;
    PlotRange x, y;

    [[nodiscard]] double right() const { return left + width; }
    [[nodiscard]] double bottom() const { return top + height; }
    [[nodiscard]] double at_x(double value) const {
        return left + (value - x.low) / x.span() * width;
    }
    [[nodiscard]] double at_y(double value) const {
        return bottom() - (value - y.low) / y.span() * height;
    }
};

double wanted_ticks(double length, double each) { return std::max(2.0, length / each); }

// What the axis asks for, else the values, rounded outwards; and the ticks that it was rounded to.
struct Upright {
    PlotRange range;
    RoundTicks ticks;
};

Upright upright_for(const PlotAxis& axis, PlotRange values, double height) {
    PlotRange range{axis.low.value_or(values.low), axis.high.value_or(values.high)};
    if (!(range.span() > 0.0)) range.high = range.low + 1.0;
    const double step = round_step(range, wanted_ticks(height, kTickEvery), axis.ticks);
    const PlotRange round = round_range(range, step);
    range = {axis.low.value_or(round.low), axis.high.value_or(round.high)};
    if (!(range.span() > 0.0)) range.high = range.low + 1.0;
    return {range, round_ticks(range, step)};
}

// Grid lines, labels and title of the upright axis; the field's left edge makes room for them.
void draw_upright(Canvas& canvas, Field& field, const PlotAxis& axis, PlotRange values) {
    const auto [range, ticks] = upright_for(axis, values, field.height);
    field.y = range;
    std::vector<std::string> labels;
    labels.reserve(ticks.at.size());
    for (const double value : ticks.at) labels.push_back(ticks.label(value));
    const double room = widest(labels) + 8.0;
    field.left += room;
    field.width -= room;
    if (!axis.title.empty()) canvas.text(0.0, field.top - 10.0, axis.title, Anchor::start, "axis");
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const double y = field.at_y(ticks.at[i]);
        canvas.line(field.left, y, field.right(), y, "grid");
        canvas.text(field.left - 6.0, y + 4.0, labels[i], Anchor::end);
    }
}

void draw_bands(Canvas& canvas, const Field& field, const std::vector<PlotBand>& bands) {
    for (const PlotBand& band : bands) {
        const double top = field.at_y(std::min(band.high, field.y.high));
        const double bottom = field.at_y(std::max(band.low, field.y.low));
        if (!(bottom > top)) continue;
        canvas.box(field.left, top, field.width, bottom - top, "band", band.label);
    }
}

void draw_mark(Canvas& canvas, const Field& field, double x, const std::string& label) {
    if (x < field.left || x > field.right()) return;
    canvas.line(x, field.top, x, field.bottom(), "mark");
    // On the side where there is room.
    const bool to_the_right = x + 6.0 + text_width(label) < field.right();
    canvas.text(to_the_right ? x + 5.0 : x - 5.0, field.top + 11.0, label,
                to_the_right ? Anchor::start : Anchor::end, "axis halo");
}

void draw_curve(Canvas& canvas, const Field& field, const Curve& curve) {
    const std::string classes = fmt::format("curve {}{}", ink_class(curve.ink),
                                            curve.stroke == Stroke::dashed ? " dashed" : "");
    std::vector<PlotSize> stretch;
    const auto finish = [&] {
        if (stretch.size() > 1) canvas.path(stretch, classes);
        stretch.clear();
    };
    const std::size_t count = std::min(curve.x.size(), curve.y.size());
    for (std::size_t i = 0; i < count; ++i) {
        if (!std::isfinite(curve.x[i]) || !std::isfinite(curve.y[i])) {
            finish();
            continue;
        }
        stretch.push_back({field.at_x(curve.x[i]), field.at_y(curve.y[i])});
        if (curve.points == Points::dots)
            canvas.dot(stretch.back().width, stretch.back().height,
                       fmt::format("dot {}", ink_class(curve.ink)),
                       fmt::format("{}{}{:.4g}: {:.4g}", curve.name, curve.name.empty() ? "" : ", ",
                                   curve.x[i], curve.y[i]));
    }
    finish();
}

void add_bands(std::vector<LegendEntry>& legend, const std::vector<PlotBand>& bands) {
    for (const PlotBand& band : bands)
        legend.push_back({band.label, Ink::grey, LegendEntry::Shape::band});
}

std::vector<LegendEntry> legend_of(const LinePlot& plot) {
    std::vector<LegendEntry> legend;
    for (const Curve& curve : plot.curves)
        if (!curve.name.empty())
            legend.push_back({curve.name, curve.ink,
                              curve.stroke == Stroke::dashed ? LegendEntry::Shape::dashes
                                                             : LegendEntry::Shape::line});
    add_bands(legend, plot.bands);
    return legend;
}

double largest(const std::vector<const std::vector<double>*>& values) {
    double most = 0.0;
    for (const std::vector<double>* some : values)
        for (const double value : *some)
            if (std::isfinite(value)) most = std::max(most, value);
    return most;
}

// The head and the frame are the same for lines and bars; what is below the field differs.
Field open_field(Canvas& canvas, PlotSize size, const std::string& title,
                 const std::vector<LegendEntry>& legend, const PlotAxis& y, double below) {
    Field field;
    field.top = canvas.head(title, legend) + (y.title.empty() ? 6.0 : kAxisTitle + 10.0);
    field.width = size.width - kRight;
    field.height = std::max(20.0, size.height - field.top - below);
    return field;
}

}  // namespace

std::string svg(const LinePlot& plot) {
    Canvas canvas{plot.size, plot.title};
    const double below = 18.0 + (plot.x.title.empty() ? 0.0 : kAxisTitle) + 2.0;
    Field field = open_field(canvas, plot.size, plot.title, legend_of(plot), plot.y, below);
    std::vector<const std::vector<double>*> xs, ys;
    for (const Curve& curve : plot.curves) {
        xs.push_back(&curve.x);
        ys.push_back(&curve.y);
    }
    // Along the level axis the values fill the whole width; only the upright one is rounded.
    const PlotRange across = range_of(xs);
    field.x = {plot.x.low.value_or(across.low), plot.x.high.value_or(across.high)};
    if (!(field.x.span() > 0.0)) field.x.high = field.x.low + 1.0;
    draw_upright(canvas, field, plot.y, range_of(ys));
    draw_bands(canvas, field, plot.bands);
    const RoundTicks ticks = round_ticks(
        field.x, round_step(field.x, wanted_ticks(field.width, kLevelEvery), plot.x.ticks));
    canvas.line(field.left, field.bottom(), field.right(), field.bottom(), "base");
    for (const double value : ticks.at) {
        const double x = field.at_x(value);
        canvas.line(x, field.bottom(), x, field.bottom() + 4.0, "base");
        canvas.text(x, field.bottom() + 16.0, ticks.label(value), Anchor::middle);
    }
    if (!plot.x.title.empty())
        canvas.text(field.left + field.width / 2.0, field.bottom() + 16.0 + kAxisTitle,
                    plot.x.title, Anchor::middle, "axis");
    for (const Curve& curve : plot.curves) draw_curve(canvas, field, curve);
    for (const PlotMark& mark : plot.marks)
        draw_mark(canvas, field, field.at_x(mark.at), mark.label);
    if (!plot.note.empty())
        canvas.text(field.right() - 4.0, field.bottom() - 8.0, plot.note, Anchor::end, "note halo");
    return canvas.finish(plot.size.height);
}

std::string svg(const BarPlot& plot) {
    Canvas canvas{plot.size, plot.title};
    std::vector<LegendEntry> legend;
    std::vector<const std::vector<double>*> values;
    for (const Bars& bars : plot.bars) {
        if (!bars.name.empty()) legend.push_back({bars.name, bars.ink, LegendEntry::Shape::box});
        values.push_back(&bars.values);
    }
    add_bands(legend, plot.bands);
    const auto groups = static_cast<double>(std::max<std::size_t>(plot.groups.size(), 1));
    // The slots are a little narrower than this once the upright labels have their room.
    constexpr double kLabelsRoom = 40.0;
    const double below =
        SlotLabels{plot.groups, (plot.size.width - kLabelsRoom - kRight) / groups}.height() +
        (plot.x_title.empty() ? 0.0 : kAxisTitle) + 2.0;
    Field field = open_field(canvas, plot.size, plot.title, legend, plot.y, below);
    PlotAxis upright = plot.y;
    upright.low = 0.0;
    draw_upright(canvas, field, upright, {0.0, largest(values)});
    draw_bands(canvas, field, plot.bands);

    const double slot = field.width / groups;
    const double room = slot * (groups > 30.0 ? 0.9 : 0.76);
    const double each = room / static_cast<double>(std::max<std::size_t>(plot.bars.size(), 1));
    for (std::size_t b = 0; b < plot.bars.size(); ++b) {
        const Bars& bars = plot.bars[b];
        for (std::size_t g = 0; g < std::min(plot.groups.size(), bars.values.size()); ++g) {
            const double x = field.left + static_cast<double>(g) * slot + (slot - room) / 2.0 +
                             static_cast<double>(b) * each;
            if (!std::isfinite(bars.values[g])) {
                canvas.text(x + each / 2.0, field.bottom() - 3.0, "-", Anchor::middle);
                continue;
            }
            const double top = field.at_y(std::clamp(bars.values[g], 0.0, field.y.high));
            canvas.box(x, top, std::max(each - 1.0, 0.5), field.bottom() - top,
                       fmt::format("bar {}", ink_class(bars.ink)),
                       fmt::format("{}{}{}: {:.4g}", plot.groups[g], bars.name.empty() ? "" : ", ",
                                   bars.name, bars.values[g]));
        }
    }
    canvas.line(field.left, field.bottom(), field.right(), field.bottom(), "base");
    const SlotLabels labels{plot.groups, slot};
    labels.below(canvas, field.left, field.bottom());
    if (!plot.x_title.empty())
        canvas.text(field.left + field.width / 2.0, plot.size.height - 4.0, plot.x_title,
                    Anchor::middle, "axis");
    for (const PlotMark& mark : plot.marks)
        draw_mark(canvas, field, field.left + (mark.at + 0.5) * slot, mark.label);
    return canvas.finish(plot.size.height);
}

std::string svg(const HeatMap& plot) {
    constexpr double kRow = 28.0;
    Canvas canvas{{plot.width, 0.0}, plot.title};
    const double head = canvas.head(plot.title, {});
    const double left = std::max(widest(plot.rows), text_width(plot.row_title)) + 10.0;
    const auto columns = static_cast<double>(std::max<std::size_t>(plot.columns.size(), 1));
    // The last slanted label leans out to the right of its cell.
    const double overhang = widest(plot.columns) * 0.5;
    const double slot = (plot.width - left - overhang) / columns;
    const SlotLabels labels{plot.columns, slot};
    const double top = head + kAxisTitle + labels.height() + 4.0;
    canvas.text(left, head + 12.0, plot.column_title, Anchor::start, "axis");
    canvas.text(left - 8.0, top - 6.0, plot.row_title, Anchor::end, "axis");
    labels.above(canvas, left, top);
    for (std::size_t r = 0; r < plot.rows.size(); ++r) {
        const double y = top + static_cast<double>(r) * kRow;
        canvas.text(left - 8.0, y + kRow / 2.0 + 4.0, plot.rows[r], Anchor::end);
        for (std::size_t c = 0; c < plot.columns.size(); ++c) {
            const double value = r < plot.values.size() && c < plot.values[r].size()
                                     ? plot.values[r][c]
                                     : std::nan("");
            const double share = std::isfinite(value) && plot.full > 0.0
                                     ? std::clamp(value / plot.full, 0.0, 1.0)
                                     : 0.0;
            const std::string shown =
                plot.text == CellText::percent ? fixed(value * 100.0, 0) : brief(value);
            const double x = left + static_cast<double>(c) * slot;
            canvas.box(x + 0.5, y + 0.5, slot - 1.0, kRow - 1.0, "empty");
            canvas.box(x + 0.5, y + 0.5, slot - 1.0, kRow - 1.0, "cell",
                       fmt::format("{}, {}: {}", plot.rows[r], plot.columns[c], shown), share);
            canvas.text(x + slot / 2.0, y + kRow / 2.0 + 4.0, shown, Anchor::middle,
                        share > 0.7    ? "strong"
                        : share < 0.05 ? "weak"
                                       : "value");
        }
    }
    return canvas.finish(top + static_cast<double>(plot.rows.size()) * kRow + 4.0);
}

}  // namespace fusion::train

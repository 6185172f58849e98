// What every plot is drawn with: shapes and text into one SVG element, the head with title and
// legend, round ticks, and labels that do not run into each other. Widths of text are estimates (a
// page has no say in the reader's font), on the generous side. Thread: one per object.
// Unit: CSS pixels. Errors: none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/train/report/svg_plot.hpp"

namespace fusion::train {

struct PlotRange {
    double low = 0.0;
    double high = 1.0;
    [[nodiscard]] double span() const { return high - low; }
};

struct RoundTicks {
    std::vector<double> at;
    double step = 1.0;
    [[nodiscard]] std::string label(double value) const;  // as many decimals as the step needs
};

// 1, 2 or 5 times a power of ten, so that a range has at most some `wanted` steps; at least 1 for
// whole ticks. 0 where the range is empty or not finite.
[[nodiscard]] double round_step(PlotRange range, double wanted, Ticks ticks = Ticks::any);
// The multiples of the step within the range; the range widened to the multiples around it.
[[nodiscard]] RoundTicks round_ticks(PlotRange range, double step);
[[nodiscard]] PlotRange round_range(PlotRange range, double step);
// The range of what is finite among the values; nothing: 0 to 1.
[[nodiscard]] PlotRange range_of(const std::vector<const std::vector<double>*>& values);

[[nodiscard]] double text_width(std::string_view text);
[[nodiscard]] double widest(const std::vector<std::string>& texts);
[[nodiscard]] std::string_view ink_class(Ink ink);

struct LegendEntry {
    std::string name;
    Ink ink = Ink::one;
    enum class Shape : std::uint8_t { line, dashes, box, band } shape = Shape::line;
};

class Canvas {
public:
    enum class Anchor : std::uint8_t { start, middle, end };

    Canvas(PlotSize size, std::string_view title);

    // Title and legend, from the top; returns the height that they take.
    double head(std::string_view title, const std::vector<LegendEntry>& legend);

    void text(double x, double y, std::string_view text, Anchor anchor,
              std::string_view classes = "");
    void slanted(double x, double y, std::string_view text, Anchor anchor);
    void line(double x1, double y1, double x2, double y2, std::string_view classes);
    // `hover` is shown when the pointer rests on it.
    void box(double x, double y, double width, double height, std::string_view classes,
             std::string_view hover = "", double opacity = 1.0);
    void dot(double x, double y, std::string_view classes, std::string_view hover = "");
    void path(const std::vector<PlotSize>& points, std::string_view classes);

    [[nodiscard]] std::string finish(double height) const;

private:
    double width_;
    std::string title_;
    std::string body_;
};

// Labels below (or above) evenly spaced slots: level where they fit, every n-th where they are
// short (numbers), else slanted.
struct SlotLabels {
    const std::vector<std::string>& labels;
    double slot = 0.0;

    [[nodiscard]] double height() const;
    void below(Canvas& canvas, double left, double top) const;
    void above(Canvas& canvas, double left, double bottom) const;

private:
    [[nodiscard]] std::size_t every() const;
    [[nodiscard]] bool slant() const;
};

}  // namespace fusion::train

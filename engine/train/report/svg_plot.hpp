// Plots as inline SVG, drawn without any library or script: lines, grouped bars, a matrix of cells.
// Colours are classes (`ink1` to `ink6`, `pale`, `grey`, ...), so that the style sheet of the page
// (report_style.hpp) decides them for light, dark and print. All text is escaped. A value that is
// not a number leaves a gap in a line and "-" in a bar or a cell. Thread: any. Unit: CSS pixels.
// Errors: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fusion::train {

enum class Ink : std::uint8_t { one, two, three, four, five, six, pale, grey };
enum class Stroke : std::uint8_t { solid, dashed };
enum class Points : std::uint8_t { none, dots };
enum class Ticks : std::uint8_t { any, whole };  // whole: epochs, notes
enum class CellText : std::uint8_t { percent, number };

struct PlotSize {
    double width = 0.0;
    double height = 0.0;
};

// An end that is not given is found from the values; one that is given is kept to the letter.
struct PlotAxis {
    std::string title;
    std::optional<double> low;
    std::optional<double> high;
    Ticks ticks = Ticks::any;
};

struct PlotBand {  // a stretch of the upright axis, shaded over the whole width; in the legend
    double low = 0.0;
    double high = 0.0;
    std::string label;
};

struct PlotMark {  // an upright line; among bars, `at` counts groups
    double at = 0.0;
    std::string label;
};

struct Curve {
    std::string name;  // empty: not in the legend
    std::vector<double> x;
    std::vector<double> y;
    Ink ink = Ink::one;
    Stroke stroke = Stroke::solid;
    Points points = Points::none;
};

struct LinePlot {
    std::string title;
    std::string note;  // in the lower right corner of the field
    PlotSize size;
    PlotAxis x;
    PlotAxis y;
    std::vector<Curve> curves;
    std::vector<PlotBand> bands;
    std::vector<PlotMark> marks;
};

struct Bars {
    std::string name;
    std::vector<double> values;  // one for each group
    Ink ink = Ink::one;
};

// Bars stand on zero, so that their lengths can be compared.
struct BarPlot {
    std::string title;
    PlotSize size;
    std::vector<std::string> groups;
    std::string x_title;
    PlotAxis y;
    std::vector<Bars> bars;
    std::vector<PlotBand> bands;
    std::vector<PlotMark> marks;
};

struct HeatMap {
    std::string title;
    double width = 0.0;  // the height follows from the rows
    std::string row_title;
    std::string column_title;
    std::vector<std::string> rows;
    std::vector<std::string> columns;
    std::vector<std::vector<double>> values;  // (rows, columns)
    double full = 1.0;                        // the value that has the full colour
    CellText text = CellText::percent;
};

[[nodiscard]] std::string svg(const LinePlot& plot);
[[nodiscard]] std::string svg(const BarPlot& plot);
[[nodiscard]] std::string svg(const HeatMap& plot);

}  // namespace fusion::train

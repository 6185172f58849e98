// What the sections are made of.
#include <fmt/format.h>

#include "engine/train/report/markup.hpp"
#include "engine/train/report/report_sections.hpp"

namespace fusion::train::report {

namespace {

std::string class_attribute(std::string_view classes) {
    return classes.empty() ? "" : fmt::format(" class=\"{}\"", classes);
}

}  // namespace

std::string section(std::string_view id, std::string_view title, std::string_view lede,
                    std::string_view body) {
    return fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}{}</section>\n", id, escaped(title),
                       lede.empty() ? "" : fmt::format("<p class=\"lede\">{}</p>\n", lede), body);
}

std::string for_each(const Inputs& inputs, std::string (*draw)(const Measured&)) {
    std::string html;
    for (const Measured& measured : inputs) {
        if (inputs.size() > 1)
            html += fmt::format("<h3 class=\"input\">{}</h3>\n", escaped(measured.name));
        html += draw(measured);
    }
    return html;
}

std::string not_measured(const Measured& measured) {
    return fmt::format(
        "<p class=\"absent\">{} did not measure this; <code>fusion-train evaluate --music</code> "
        "does.</p>\n",
        escaped(measured.name));
}

std::string figure(const std::vector<std::string>& plots, std::string_view caption) {
    return fmt::format(
        "<figure>\n<div class=\"plots\">\n{}</div>\n{}</figure>\n", joined(plots, ""),
        caption.empty() ? "" : fmt::format("<figcaption>{}</figcaption>\n", caption));
}

std::string number_cell(std::string_view text, std::string_view classes) {
    return fmt::format("<td{}>{}</td>", class_attribute(classes), escaped(text));
}

std::string head_cell(std::string_view text, std::string_view classes) {
    return fmt::format("<th scope=\"col\"{}>{}</th>", class_attribute(classes), escaped(text));
}

std::string row_head(std::string_view text) {
    return fmt::format("<th scope=\"row\">{}</th>", escaped(text));
}

std::string table(std::string_view head, std::string_view body, std::string_view classes) {
    return fmt::format("<div class=\"scroll\"><table{}>\n<thead>{}</thead>\n{}</table></div>\n",
                       class_attribute(classes), head, body);
}

}  // namespace fusion::train::report

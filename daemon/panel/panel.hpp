// The web panel as HTTP answers. The files of this folder are part of the program (embed.cmake), so
// that page and daemon are always of one version and nothing is to be found at run time.
//
//   GET /                 where a browser asks for a page: index.html
//   GET /panel/<file>     one of the files
//   GET /panel/about.json what the tree does not say: bundle, output, who is connected (facts.hpp)
//
// A file goes out with its ETag and "no-cache": the browser keeps it, asks each time, and is
// answered 304 for as long as it is the same. The Content-Security-Policy lets the page load from
// here alone, run no script but these files, and be framed by nobody.
// Thread: control. Errors: 404, as a page.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "daemon/panel/facts.hpp"
#include "osc/web/http_server.hpp"

namespace fusion {

struct PanelFile {
    std::string_view name;  // "index.html"
    std::string_view type;
    std::string_view etag;  // with its quotes
    std::string_view bytes;
};
[[nodiscard]] std::span<const PanelFile> panel_files();
// The one of that name, or a page that says that there is none; with what keeps a page to itself.
[[nodiscard]] HttpAnswer file_answer(std::string_view name, std::span<const PanelFile> files,
                                     const HttpRequest& request);

class Panel {
public:
    using Facts = std::function<PanelFacts()>;
    explicit Panel(Facts facts) : facts_{std::move(facts)} {}

    // For "/" and for every path below "/panel"; any other is answered by a page that says so.
    [[nodiscard]] HttpAnswer answer(const HttpRequest& request) const;

private:
    Facts facts_;
};

}  // namespace fusion

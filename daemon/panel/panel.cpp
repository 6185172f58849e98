#include "daemon/panel/panel.hpp"

#include <algorithm>
#include <string>

namespace fusion {
namespace {

constexpr std::string_view kFolder = "/panel/";

// What keeps the page to itself, on every answer.
void guard(HttpAnswer& answer) {
    answer.fields.emplace_back(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    answer.fields.emplace_back("X-Content-Type-Options", "nosniff");
    answer.fields.emplace_back("Referrer-Policy", "no-referrer");
    answer.fields.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

HttpAnswer answer_of(const PanelFile& file, const HttpRequest& request) {
    HttpAnswer answer;
    // A list of them may come, and each may be marked as weak: W/"...".
    const bool kept = request.has.find(file.etag) != std::string::npos;
    answer.status = kept ? 304 : 200;
    if (!kept) {
        answer.type = file.type;
        answer.body = file.bytes;
    }
    answer.fields.emplace_back("ETag", file.etag);
    answer.fields.emplace_back("Cache-Control", "no-cache");
    return answer;
}

// Without the path that was asked for: what came from outside is no part of a page.
HttpAnswer missing(const HttpRequest& request) {
    constexpr std::string_view kPage =
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<meta name=\"color-scheme\" content=\"dark light\">\n<title>Not here - fusiond</title>\n"
        "<main><h1>There is no such page</h1>\n<p>The panel is at <a href=\"/\">/</a>; every path "
        "of "
        "this daemon, as JSON, at <a href=\"/fusiond\">/fusiond</a>.</p></main></html>\n";
    if (!wants_page(request))
        return http_refusal(404, "the panel has no such file; the panel is at /");
    HttpAnswer answer{404, "text/html; charset=utf-8", std::string{kPage}};
    answer.fields.emplace_back("Cache-Control", "no-store");
    return answer;
}

}  // namespace

HttpAnswer file_answer(std::string_view name, std::span<const PanelFile> files,
                       const HttpRequest& request) {
    const auto it = std::ranges::find(files, name, &PanelFile::name);
    auto answer = it != files.end() ? answer_of(*it, request) : missing(request);
    guard(answer);
    return answer;
}

HttpAnswer Panel::answer(const HttpRequest& request) const {
    std::string_view name{request.path};
    if (name == "/" || name == "/panel")
        name = "index.html";
    else
        name = name.starts_with(kFolder) ? name.substr(kFolder.size()) : std::string_view{};
    HttpAnswer answer;
    if (name == "about.json") {
        answer = {200, "application/json", as_json(facts_())};
        answer.fields.emplace_back("Cache-Control", "no-store");
        guard(answer);
    } else {
        answer = file_answer(name, panel_files(), request);
    }
    // "/" is the tree to a client of OSCQuery.
    if (request.path == "/") answer.fields.emplace_back("Vary", "Accept");
    return answer;
}

}  // namespace fusion

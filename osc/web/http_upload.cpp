// HttpSession's other half: a request that brings something. What is refused is refused by its
// head, before a byte of the body is read; so a client that sends too much is told, and one that
// may not send at all costs no memory.
#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include "osc/web/http_session.hpp"

namespace fusion {

namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

// "audio/midi" of "Audio/MIDI; charset=binary".
bool is_of_type(boost::beast::string_view said, const std::string& wanted) {
    const auto end = std::min(said.find(';'), said.size());
    return boost::beast::iequals(said.substr(0, end), wanted);
}

}  // namespace

bool HttpShared::takes_uploads() const {
    return std::any_of(routes.begin(), routes.end(),
                       [](const HttpRoute& route) { return route.intake.most_bytes > 0; });
}

bool HttpShared::has_seat_for_upload(const boost::asio::ip::address& address) const {
    const auto of_one = std::count(uploads.begin(), uploads.end(), address);
    return uploads.size() < limits.uploads &&
           static_cast<std::size_t>(of_one) < limits.uploads_of_one;
}

void HttpSession::begin_upload() {
    // While its body is not read, nothing that comes after it could be understood.
    const bool keeps_alive = std::exchange(keeps_alive_, false);
    auto target = permitted_target();
    if (!target) return;
    const auto* route = shared_->route_for(target->path);
    if (auto refusal = refusal_of_upload(route)) return respond(std::move(*refusal), After::end);
    keeps_alive_ = keeps_alive;
    auto read = [self = shared_from_this(), query = target->query, intake = route->intake] {
        self->read_upload(query, intake);
    };
    if (!boost::beast::iequals(head_[http::field::expect], "100-continue")) return read();
    auto go_on = std::make_shared<http::response<http::empty_body>>(http::status::continue_, 11);
    stream_.expires_after(shared_->limits.write);
    http::async_write(stream_, *go_on,
                      [go_on, read = std::move(read)](const error_code& error, std::size_t) {
                          if (!error) read();
                      });
}

std::optional<HttpAnswer> HttpSession::refusal_of_upload(const HttpRoute* route) const {
    if (head_.method() != http::verb::post || route == nullptr || route->intake.most_bytes == 0)
        return refusal_of(http::error::body_limit, head_.method());
    if (head_.count(http::field::origin) > 0 && welcome_origin().empty())
        return http_refusal(403,
                            "a page from elsewhere uploads nothing here; [oscquery] origins "
                            "lets it in");
    const auto& intake = route->intake;
    // No form of a page can say this of itself, so a browser asks before it sends.
    if (!is_of_type(head_[http::field::content_type], intake.type))
        return http_refusal(415, fmt::format("say what it is: Content-Type: {}", intake.type));
    const auto length = parser_->content_length();
    if (length && *length > intake.most_bytes)
        return http_refusal(
            413, fmt::format("it has {} bytes; {} are taken", *length, intake.most_bytes));
    if (!shared_->has_seat_for_upload(peer_))
        return http_refusal(503, "another upload is on its way; try again in a moment");
    return {};
}

void HttpSession::read_upload(const std::string& query, const HttpRoute::Intake& intake) {
    // The seat is free when the last of those who hold it has gone: the read, or who answers.
    shared_->uploads.push_back(peer_);
    std::shared_ptr<void> seat{nullptr, [shared = shared_, peer = peer_](void*) {
                                   auto& all = shared->uploads;
                                   const auto one = std::find(all.begin(), all.end(), peer);
                                   if (one != all.end()) all.erase(one);
                               }};
    auto upload = std::make_shared<UploadParser>(std::move(*parser_));
    upload->body_limit(std::uint64_t{intake.most_bytes});
    since_ = Clock::now() + shared_->limits.upload;  // others wait for it no longer than that
    stream_.expires_after(shared_->limits.upload);
    http::async_read(stream_, buffer_, *upload,
                     [self = shared_from_this(), upload, seat, query = query, take = intake.take](
                         const error_code& error, std::size_t) mutable {
                         if (error == http::error::body_limit)
                             return self->respond(
                                 http_refusal(413, "it is larger than what is taken"), After::end);
                         if (error) return self->answer_to(error);
                         self->since_ = Clock::now();
                         take({std::move(query), std::move(upload->get().body())},
                              [self, seat](HttpAnswer answer) mutable {
                                  seat.reset();
                                  self->respond(std::move(answer), self->after());
                              });
                     });
}

}  // namespace fusion

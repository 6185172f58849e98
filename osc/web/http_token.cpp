#include "osc/web/http_token.hpp"

#include <algorithm>

namespace fusion {
namespace {

constexpr std::string_view kCookie = "fusiond_token=";
constexpr std::string_view kQuery = "token=";
constexpr std::string_view kBearer = "Bearer ";

}  // namespace

HttpTokens tokens_in(std::string_view authorization, std::string_view cookies, std::string& query) {
    HttpTokens said;
    if (authorization.starts_with(kBearer)) said.bearer = authorization.substr(kBearer.size());
    while (!cookies.empty()) {
        const auto end = std::min(cookies.find(';'), cookies.size());
        auto one = cookies.substr(0, end);
        one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
        if (one.starts_with(kCookie)) said.cookie = one.substr(kCookie.size());
        cookies.remove_prefix(std::min(end + 1, cookies.size()));
    }
    std::string rest;
    std::string_view left{query};
    while (!left.empty()) {
        const auto end = std::min(left.find('&'), left.size());
        const auto one = left.substr(0, end);
        if (one.starts_with(kQuery)) {
            said.query = one.substr(kQuery.size());
        } else {
            if (!rest.empty()) rest += '&';
            rest += one;
        }
        left.remove_prefix(std::min(end + 1, left.size()));
    }
    query = std::move(rest);
    return said;
}

bool is_same_secret(std::string_view said, std::string_view secret) {
    unsigned differs = said.size() == secret.size() ? 0U : 1U;
    for (std::size_t i = 0; i < said.size() && !secret.empty(); ++i)
        differs |= static_cast<unsigned>(static_cast<unsigned char>(said[i]) ^
                                         static_cast<unsigned char>(secret[i % secret.size()]));
    return differs == 0 && !secret.empty();
}

std::string token_cookie(std::string_view token) {
    return std::string{kCookie} + std::string{token} +
           "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict";
}

}  // namespace fusion

// The word that other machines have to know, and where a request says it: in
// `Authorization: Bearer TOKEN` (programs), as `token=TOKEN` in the address (the first time in a
// browser) or in our cookie (a browser's later requests, and its WebSocket). Pure; no sockets.
// Thread: any. Errors: none.
#pragma once

#include <string>
#include <string_view>

namespace fusion {

struct HttpTokens {
    std::string bearer, query, cookie;  // empty: not said there
};

// Takes it out of `query`, so that the rest is as if it had not been there.
[[nodiscard]] HttpTokens tokens_in(std::string_view authorization, std::string_view cookies,
                                   std::string& query);
// In the same time wherever they differ.
[[nodiscard]] bool is_same_secret(std::string_view said, std::string_view secret);
// A browser sends it with our own pages' requests alone, and no script sees it.
[[nodiscard]] std::string token_cookie(std::string_view token);

}  // namespace fusion

// The corpus's own catalogue, `index.csv` in the data folder: one row a file, columns by the names
// in its first row (path, lead_track, melodic_tracks, cluster; others are not looked at). Comma
// separated, fields quoted where they hold a comma, quotes doubled inside.
// Who calls: data_set.cpp. Thread: any. Errors: malformed, with the line.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"

namespace fusion {

struct IndexEntry {
    std::string lead_track;  // a voice_by_reference(); may be empty
    std::vector<std::string> melodic_tracks;
    std::string cluster;  // may be empty
};

using CorpusIndex = std::map<std::string, IndexEntry>;  // by path: "jazz/x.mid"

[[nodiscard]] Result<CorpusIndex> parse_index(std::string_view text, std::string_view name);

}  // namespace fusion

# Writes the panel's files into one C++ source.
#   cmake -DOUT=panel_files.cpp -DFOLDER=daemon/panel -DFILES=index.html,panel.css,... \
#       -DHEADER=daemon/panel/panel.hpp -DFUNCTION=panel_files -P embed.cmake
# Each becomes a raw string. Its ETag is the beginning of its SHA-256, so that a browser keeps what it has
# until the bytes are others.
cmake_minimum_required(VERSION 3.25)

set(type_of_html "text/html; charset=utf-8")
set(type_of_css "text/css; charset=utf-8")
set(type_of_js "text/javascript; charset=utf-8")
set(type_of_svg "image/svg+xml")

set(entries "")
string(REPLACE "," ";" files "${FILES}")
foreach(name IN LISTS files)
    string(REGEX REPLACE "^.*[.]" "" ending "${name}")
    if(NOT DEFINED type_of_${ending})
        message(FATAL_ERROR "${name}: no content type is known for .${ending}; add one in embed.cmake")
    endif()
    file(READ "${FOLDER}/${name}" text)
    string(FIND "${text}" ")fusion\"" closes)
    if(NOT closes EQUAL -1)
        message(FATAL_ERROR "${name}: holds what ends the string that it is kept in: )fusion\"")
    endif()
    file(SHA256 "${FOLDER}/${name}" sum)
    string(SUBSTRING "${sum}" 0 16 sum)
    string(APPEND entries
        "    {\"${name}\", \"${type_of_${ending}}\", R\"(\"${sum}\")\",\n     R\"fusion(${text})fusion\"},\n")
endforeach()
list(LENGTH files count)
file(WRITE "${OUT}.new" "// Made by daemon/panel/embed.cmake.
#include \"${HEADER}\"

#include <array>

namespace fusion {
namespace {

constexpr std::array<PanelFile, ${count}> kFiles{{
${entries}}};

}  // namespace

std::span<const PanelFile> ${FUNCTION}() { return kFiles; }

}  // namespace fusion
")
file(RENAME "${OUT}.new" "${OUT}")

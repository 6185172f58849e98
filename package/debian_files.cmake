# Run by cpack on the staged tree before it is packed: Debian's own documents take the place of ours.
cmake_minimum_required(VERSION 3.25)
set(stage "${CPACK_TEMPORARY_INSTALL_DIRECTORY}")
set(doc "${stage}/usr/share/doc/fusiond")

file(REMOVE "${doc}/LICENSE")  # Debian has the text of its own
file(COPY_FILE "${CPACK_FUSION_COPYRIGHT}" "${doc}/copyright")

# zip(FROM TO): as Debian's policy has it, the same bytes each time.
function(zip from to)
    execute_process(COMMAND gzip -9n INPUT_FILE "${from}" OUTPUT_FILE "${to}"
        COMMAND_ERROR_IS_FATAL ANY)
    file(REMOVE "${from}")
endfunction()

zip("${doc}/CHANGELOG.md" "${doc}/changelog.gz")
# RFC 2822 without the weekday's comma is refused by dpkg; CMake's timestamps know SOURCE_DATE_EPOCH.
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE "${doc}/changelog.Debian"
"fusiond (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Packaged from the source tree; changelog.gz says what is new.

 -- ${CPACK_DEBIAN_PACKAGE_MAINTAINER}  ${now}
")
zip("${doc}/changelog.Debian" "${doc}/changelog.Debian.gz")

# man_page(PROGRAM SENTENCE [COMMAND...]): what --help says, and of each command, in the form of a manual.
function(man_page program sentence)
    if(NOT EXISTS "${stage}/usr/bin/${program}")  # built without Torch
        return()
    endif()
    set(page ".TH ${program} 1\n.SH NAME\n${program} \\- ${sentence}\n")
    foreach(command IN ITEMS "" ${ARGN})
        execute_process(COMMAND "${stage}/usr/bin/${program}" ${command} --help
            OUTPUT_VARIABLE help COMMAND_ERROR_IS_FATAL ANY)
        string(REPLACE "\\" "\\e" help "${help}")
        string(REPLACE "-" "\\-" help "${help}")
        string(REGEX REPLACE "(^|\n)([.'])" "\\1\\\\&\\2" help "${help}")
        string(TOUPPER "${command}" title)
        if(title STREQUAL "")
            set(title DESCRIPTION)
        endif()
        string(APPEND page ".SH ${title}\n.nf\n${help}.fi\n")
    endforeach()
    set(file "${stage}/usr/share/man/man1/${program}.1")
    file(WRITE "${file}" "${page}.SH SEE ALSO\n/usr/share/doc/fusiond\n")
    zip("${file}" "${file}.gz")
    file(CHMOD "${file}.gz" PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endfunction()
man_page(fusiond "live neural MIDI daemon" render)
man_page(fusionctl "asks a running fusiond, and tells it what to do" set get do watch learn scene)
man_page(fusion-train "makes a bundle for fusiond out of MIDI files" prepare train evaluate)

file(GLOB_RECURSE files LIST_DIRECTORIES false "${doc}/*")
file(CHMOD ${files} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)

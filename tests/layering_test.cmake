# Includes point down the list of rooms only; Torch stays in the sources of engine/nn and engine/train;
# every room says in a README what it holds.
#   cmake -DROOT=<tree> -P layering_test.cmake
# Prints every offence and fails if there is one. layering_proof.cmake feeds it trees that offend.
cmake_minimum_required(VERSION 3.25)

# From the lowest to the highest. A room is a folder with sources in it, and each has its place here: one
# that is not in the list is an offence, so that no folder escapes the order by lying within another.
set(layers
    engine/base engine/music engine/params engine/corpus engine/model engine/plan
    engine/train/measures engine/train/report engine/nn engine/train
    engine/realtime/follow engine/realtime/crossing engine/realtime/line engine/realtime/clock
    engine/realtime
    config
    osc/web osc osc/ctl
    daemon/system daemon/midi daemon/synth daemon/sync daemon/hands daemon/tape daemon/flight
    daemon/panel daemon/training daemon/terminal daemon)
set(torch_layers engine/nn engine/train)
# Headers here may name Torch; only sources of torch_layers, and each other, include them.
set(torch_headers "^engine/(nn|train)/internal/")
set(other_folders engine engine/models systemd tests cmake)
set(torch_prefixes "^(torch|ATen|c10|caffe2)/")

set(offences 0)
function(offence text)
    message("layering: ${text}")
    math(EXPR offences "${offences} + 1")
    set(offences ${offences} PARENT_SCOPE)
endfunction()

# The room that a path lies in, whether the list has it or not; empty outside the tree. A folder
# internal/ belongs to the one around it.
function(layer_of path result)
    set(${result} "" PARENT_SCOPE)
    if(path MATCHES "^(engine|config|osc|daemon)/")
        get_filename_component(folder "${path}" DIRECTORY)
        string(REGEX REPLACE "/internal$" "" folder "${folder}")
        set(${result} "${folder}" PARENT_SCOPE)
    endif()
endfunction()

# The names that a file includes. The whole text at once: a line with a bracket or a semicolon would
# be lost in a list of lines.
function(includes_of file result)
    file(READ "${ROOT}/${file}" text)
    string(REGEX MATCHALL "(^|\n)[ \t]*#[ \t]*include[ \t]*[<\"][^>\"\n;]+" directives "${text}")
    set(names "")
    foreach(directive IN LISTS directives)
        string(REGEX REPLACE ".*[<\"]" "" name "${directive}")
        list(APPEND names "${name}")
    endforeach()
    set(${result} "${names}" PARENT_SCOPE)
endfunction()

set(patterns "")
foreach(top IN ITEMS engine config osc daemon tests)
    foreach(ending IN ITEMS hpp cpp h c cc hh)
        list(APPEND patterns "${ROOT}/${top}/*.${ending}")
    endforeach()
endforeach()
file(GLOB_RECURSE files RELATIVE "${ROOT}" ${patterns})
list(LENGTH files file_count)
list(LENGTH layers layer_count)
if(file_count EQUAL 0)
    message(FATAL_ERROR "layering: no source below ROOT=${ROOT}")
endif()

foreach(file IN LISTS files)
    string(REGEX REPLACE "^tests/" "" mirrored "${file}")
    layer_of("${mirrored}" layer)
    set(in_tests FALSE)
    if(file MATCHES "^tests/")
        set(in_tests TRUE)
    elseif(NOT layer IN_LIST layers)
        offence("${file} lies in no room of the list; give ${layer} its place in the list here")
        continue()
    endif()
    list(FIND layers "${layer}" rank)

    set(may_use_torch FALSE)
    if(layer IN_LIST torch_layers AND (file MATCHES "[.]cpp$" OR file MATCHES "${torch_headers}"))
        set(may_use_torch TRUE)
    endif()

    includes_of("${file}" names)
    foreach(name IN LISTS names)
        if(name MATCHES "${torch_prefixes}" AND NOT may_use_torch)
            offence("${file} includes Torch (${name}); only sources of engine/nn and engine/train may")
        elseif(name MATCHES "${torch_headers}" AND NOT may_use_torch)
            offence("${file} includes ${name}, which only sources of engine/nn and engine/train may")
        endif()
        layer_of("${name}" included)
        if(included AND NOT in_tests)
            list(FIND layers "${included}" included_rank)
            if(included_rank EQUAL -1)
                offence("${file} includes ${name}, from no room of the list")
            elseif(included_rank GREATER rank)
                offence("${file} includes ${name}: ${included} stands above ${layer}")
            endif()
        elseif(NOT in_tests AND name MATCHES "^tests/|^[.]")
            offence("${file} includes ${name}: name it from the root of the tree")
        endif()
    endforeach()
endforeach()

foreach(folder IN LISTS layers other_folders)
    if(IS_DIRECTORY "${ROOT}/${folder}" AND NOT EXISTS "${ROOT}/${folder}/README.md")
        offence("${folder}/ has no README.md; a few lines on what each of its files is")
    endif()
endforeach()

if(offences GREATER 0)
    message(FATAL_ERROR "layering: ${offences} offences in ${file_count} files")
endif()
message("layering: ${file_count} files in ${layer_count} rooms, none offends")

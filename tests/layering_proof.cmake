# Proves that layering_test.cmake catches what it is there to catch: a clean tree passes, and the same
# tree with one bad file fails for that very file.
#   cmake -DSCRATCH=<folder> -P layering_proof.cmake
cmake_minimum_required(VERSION 3.25)

function(check_tree result output)
    execute_process(
        COMMAND "${CMAKE_COMMAND}" -DROOT=${SCRATCH} -P "${CMAKE_CURRENT_LIST_DIR}/layering_test.cmake"
        RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
    # Long messages are wrapped; one line compares.
    string(REGEX REPLACE "[ \n]+" " " text "${text}")
    set(${result} "${status}" PARENT_SCOPE)
    set(${output} "${text}" PARENT_SCOPE)
endfunction()

# expect_offence(FILE CONTENT MESSAGE): FILE alone makes the tree fail, and MESSAGE says so.
function(expect_offence file content message)
    file(WRITE "${SCRATCH}/${file}" "${content}")
    check_tree(status text)
    file(REMOVE "${SCRATCH}/${file}")
    if(status EQUAL 0)
        message(FATAL_ERROR "${file} should have been refused:\n${content}")
    endif()
    string(FIND "${text}" "layering: ${file} ${message}" found)
    string(FIND "${text}" "layering: 1 offences" alone)
    if(found EQUAL -1 OR alone EQUAL -1)
        message(FATAL_ERROR "${file} should have been refused alone, with '${message}':\n${text}")
    endif()
endfunction()

file(REMOVE_RECURSE "${SCRATCH}")
foreach(folder IN ITEMS engine engine/base engine/nn engine/realtime engine/realtime/line
        engine/realtime/clock daemon/midi daemon tests)
    file(WRITE "${SCRATCH}/${folder}/README.md" "# ${folder}\n")
endforeach()
file(WRITE "${SCRATCH}/engine/base/low.hpp" "#include <vector>\n")
file(WRITE "${SCRATCH}/engine/nn/internal/modules.hpp" "#include <torch/torch.h>\n")
file(WRITE "${SCRATCH}/engine/nn/internal/tensors.hpp"
    "#include \"engine/nn/internal/modules.hpp\"\n")
file(WRITE "${SCRATCH}/engine/nn/net.cpp"
    "#include <ATen/ATen.h>\n#include \"engine/nn/internal/modules.hpp\"\n")
file(WRITE "${SCRATCH}/engine/realtime/line/planner.hpp" "#include \"engine/base/low.hpp\"\n")
file(WRITE "${SCRATCH}/engine/realtime/engine.cpp" "#include \"engine/realtime/line/planner.hpp\"\n")
file(WRITE "${SCRATCH}/daemon/main.cpp"
    "// #include \"engine/nothing/commented.hpp\"\n#include \"engine/base/low.hpp\"\n")
check_tree(status text)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "a clean tree was refused:\n${text}")
endif()

expect_offence(engine/base/up.hpp "#include \"engine/realtime/clock.hpp\"\n"
    "includes engine/realtime/clock.hpp: engine/realtime stands above engine/base")
expect_offence(engine/realtime/up.cpp "int a[2];\n  #  include <daemon/app.hpp>\n"
    "includes daemon/app.hpp: daemon stands above engine/realtime")
expect_offence(engine/base/sly.hpp "#include \"../realtime/clock.hpp\"\n"
    "includes ../realtime/clock.hpp: name it from the root")
expect_offence(engine/realtime/torch.cpp "#include <torch/torch.h>\n"
    "includes Torch (torch/torch.h)")
expect_offence(engine/nn/torch.hpp "#include <c10/core/Device.h>\n"
    "includes Torch (c10/core/Device.h)")
expect_offence(engine/nn/drag.hpp "#include \"engine/nn/internal/modules.hpp\"\n"
    "includes engine/nn/internal/modules.hpp, which only sources of engine/nn and engine/train may")
expect_offence(daemon/drag.cpp "#include \"engine/nn/internal/modules.hpp\"\n"
    "includes engine/nn/internal/modules.hpp, which only sources of engine/nn and engine/train may")
expect_offence(tests/daemon/torch_test.cpp "#include <torch/torch.h>\n"
    "includes Torch (torch/torch.h)")
expect_offence(engine/realtime/line/up.hpp "#include \"engine/realtime/clock/clock_core.hpp\"\n"
    "includes engine/realtime/clock/clock_core.hpp: engine/realtime/clock stands above engine/realtime/line")
expect_offence(engine/realtime/line/top.hpp "#include \"engine/realtime/engine.hpp\"\n"
    "includes engine/realtime/engine.hpp: engine/realtime stands above engine/realtime/line")
expect_offence(daemon/midi/up.hpp "#include \"daemon/hands/hands.hpp\"\n"
    "includes daemon/hands/hands.hpp: daemon/hands stands above daemon/midi")
expect_offence(engine/extra/new.hpp "#pragma once\n" "lies in no room of the list")
expect_offence(daemon/attic/new.hpp "#pragma once\n" "lies in no room of the list")
expect_offence(daemon/lost.cpp "#include \"engine/lost/gone.hpp\"\n"
    "includes engine/lost/gone.hpp, from no room")
expect_offence(daemon/hidden.cpp "#include \"daemon/attic/gone.hpp\"\n"
    "includes daemon/attic/gone.hpp, from no room")

file(REMOVE "${SCRATCH}/engine/nn/README.md")
check_tree(status text)
string(FIND "${text}" "layering: engine/nn/ has no README.md" found)
if(status EQUAL 0 OR found EQUAL -1)
    message(FATAL_ERROR "a folder without a README should have been refused:\n${text}")
endif()
message("layering: every offence was caught")

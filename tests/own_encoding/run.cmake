# Does what docs/add-your-own-encoding.md tells a reader to do, outside the source tree, and compares what comes out
# with what the page shows. tests/CMakeLists.txt sets the variables.
file(READ ${SOURCE}/docs/add-your-own-encoding.md page)

# Runs a command; its output, and so the page, goes to `output`.
function(run expected_status)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE errors)
    if(NOT status EQUAL expected_status)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "${command}\nended with ${status}, not ${expected_status}:\n${output}${errors}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect_on_page text)
    string(FIND "${page}" "${text}" at)
    if(at EQUAL -1)
        message(FATAL_ERROR "docs/add-your-own-encoding.md does not show this; copy it there:\n${text}")
    endif()
endfunction()

file(REMOVE_RECURSE ${WORK}/own)    # but not the objects: the next run compiles only what has changed
file(COPY ${SOURCE}/docs/own_encoding/ DESTINATION ${WORK}/own)
file(READ ${WORK}/own/CMakeLists.txt project)
expect_on_page("${project}")

run(0 ${CMAKE_COMMAND} -S ${WORK}/own -B ${WORK}/build -G ${GENERATOR} -D ordinal_DIR=${BINARY}
    -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=${FLAGS} -D CMAKE_BUILD_TYPE=Debug -D CMAKE_CXX_FLAGS_DEBUG=
    -D CMAKE_RUNTIME_OUTPUT_DIRECTORY_DEBUG=${WORK}/build)    # for generators with many configurations
run(0 ${CMAKE_COMMAND} --build ${WORK}/build --config Debug)

run(0 ${WORK}/build/promises digits "digits(count=9)")    # the page has it from a float and from a double build
expect_on_page("${output}")
run(1 ${WORK}/build/promises digitz)
expect_on_page("${output}")
run(0 ${WORK}/build/my_explain digits 6 --width 8 --length 16)
string(FIND "${output}" "\nexplain:" end)    # what follows compares rounding errors
string(SUBSTRING "${output}" 0 ${end} narration)
expect_on_page("${narration}")

run(0 ${WORK}/build/my_family --encodings table,digits --out ${WORK}/gallery --strict)
foreach(file family.png family.md family.csv)
    if(NOT EXISTS ${WORK}/gallery/${file})
        message(FATAL_ERROR "my_family left no ${file}")
    endif()
endforeach()
file(READ ${WORK}/gallery/family.md table)
if(NOT table MATCHES "\n\\| digits \\| input \\| 128 positions \\| O\\(1\\)")
    message(FATAL_ERROR "my_family does not show the scheme:\n${table}")
endif()

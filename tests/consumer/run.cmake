# Builds and runs the consumer project in one WAY and compares what it prints; tests/CMakeLists.txt sets the variables.

function(run)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(status)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "${command}\nfailed:\n${output}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK}/prefix)    # but not the objects: the next run compiles only what has changed
if(WAY STREQUAL "find_package")
    run(${CMAKE_COMMAND} --install ${BINARY} --config ${CONFIG} --prefix ${WORK}/prefix)
endif()
run(${CMAKE_COMMAND} -S ${SOURCE}/tests/consumer -B ${WORK}/build -G ${GENERATOR} -D WAY=${WAY}
    -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=${FLAGS} -D CMAKE_BUILD_TYPE=Debug -D CMAKE_CXX_FLAGS_DEBUG=
    -D CMAKE_RUNTIME_OUTPUT_DIRECTORY_DEBUG=${WORK}/build    # multi-config generators, too
    -D ordinal_ROOT=${WORK}/prefix -D ORDINAL_SOURCE_DIR=${SOURCE} -D ordinal_json_dir=${JSON})
run(${CMAKE_COMMAND} --build ${WORK}/build --target consumer bits bits_native)
run(${WORK}/build/bits)
set(bits "${output}")
run(${WORK}/build/bits_native)
if(NOT bits OR NOT output STREQUAL bits)
    message(FATAL_ERROR "Adam's numbers depend on the flags of the project that uses it:\n${bits}and\n${output}")
endif()
run(${WORK}/build/consumer)

file(READ ${SOURCE}/tests/consumer/expected.txt expected)
if(NOT output STREQUAL expected)
    message(FATAL_ERROR "expected:\n${expected}\ngot:\n${output}")
endif()

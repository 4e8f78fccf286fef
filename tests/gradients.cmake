# ordinal_gradient_tests: gradient checks need about 15 digits, so this program is in double where the rest is float. It
# holds the files with test cases that float skips, and runs those of their cases that are about gradients. Of positional,
# contract_test.cpp is enough to differentiate every registered scheme; the rest is for `cmake --workflow double`.
set(gradient_files "")
foreach(source IN LISTS sources)
    file(STRINGS ${source} only_double REGEX "skip\\(!is_double\\)|ifdef ORDINAL_DOUBLE" LIMIT_COUNT 1)
    if(only_double AND (NOT source MATCHES "/tests/positional/" OR source MATCHES "/contract_test.cpp$"))
        list(APPEND gradient_files ${source})
    endif()
endforeach()

if(NOT gradient_files)    # ORDINAL_TEST_FOLDERS names folders that have none
    return()
endif()
ordinal_test_batches(batches ordinal_gradient_tests ${gradient_files})
add_executable(ordinal_gradient_tests main.cpp ${batches})
ordinal_compile_options(ordinal_gradient_tests)
target_compile_options(ordinal_gradient_tests PRIVATE $<$<CONFIG:Release>:-O0> ${doctest_is_older})
target_include_directories(ordinal_gradient_tests PRIVATE ${PROJECT_SOURCE_DIR})
foreach(layer core nn positional)    # the tests of core alone need nothing of the other two
    if("${gradient_files}" MATCHES "/tests/${layer}/")
        target_link_libraries(ordinal_gradient_tests PRIVATE ordinal_${layer}_double)
    endif()
endforeach()
target_include_directories(ordinal_gradient_tests SYSTEM PRIVATE ${ordinal_doctest_dir})
target_precompile_headers(ordinal_gradient_tests PRIVATE
    <cmath> <functional> <sstream> <string> <vector> <doctest/doctest.h> <ordinal/core/core.h>)

ordinal_file_tests(ordinal_gradient_tests "double: " --test-case=*gradient*,*checker* ${gradient_files})

# A build folder is a package as well: find_package(ordinal) with -Dordinal_DIR=.../build/release uses what stands there,
# without installing or compiling it again. Other than an installed package it has the demos' library and the two
# functions of own_encoding.cmake.
export(EXPORT ordinal-targets NAMESPACE ordinal:: FILE ${PROJECT_BINARY_DIR}/ordinal-targets.cmake)
if(TARGET ordinal_demo)
    export(TARGETS ordinal_demo NAMESPACE ordinal:: FILE ${PROJECT_BINARY_DIR}/ordinal-demo-targets.cmake)
endif()
file(WRITE ${PROJECT_BINARY_DIR}/ordinal-build.cmake "set(ordinal_SOURCE_DIR \"${PROJECT_SOURCE_DIR}\")
include(\${CMAKE_CURRENT_LIST_DIR}/ordinal-demo-targets.cmake OPTIONAL)
include(\${ordinal_SOURCE_DIR}/cmake/own_encoding.cmake)
")

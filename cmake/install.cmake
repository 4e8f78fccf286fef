# cmake --install build/release --prefix DIR, then find_package(ordinal) in another project.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/ordinal)

install(TARGETS ordinal_core ordinal_nn ordinal_positional ordinal_pretrained EXPORT ordinal-targets)
install(DIRECTORY core nn positional pretrained DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ordinal FILES_MATCHING PATTERN "*.h")
install(FILES core/core.h nn/nn.h positional/positional.h pretrained/pretrained.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ordinal)
install(EXPORT ordinal-targets NAMESPACE ordinal:: DESTINATION ${package_dir})

configure_package_config_file(cmake/ordinal-config.cmake.in ${PROJECT_BINARY_DIR}/ordinal-config.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ordinal-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/ordinal-config.cmake ${PROJECT_BINARY_DIR}/ordinal-config-version.cmake
    DESTINATION ${package_dir})

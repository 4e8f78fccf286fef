# doctest and nlohmann-json are headers for any system. Debian has them among those of this one, which the compiler for
# another must not see: it is shown a folder that links to these two alone.
set(headers ${CMAKE_BINARY_DIR}/headers)
foreach(library doctest nlohmann)
    if(EXISTS /usr/include/${library})
        file(MAKE_DIRECTORY ${headers}/include)
        file(CREATE_LINK /usr/include/${library} ${headers}/include/${library} SYMBOLIC)
    endif()
endforeach()
set(CMAKE_FIND_ROOT_PATH ${headers})
foreach(kind INCLUDE LIBRARY PACKAGE)
    set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()

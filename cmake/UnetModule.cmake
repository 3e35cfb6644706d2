# Options that every target of the project is compiled with.
# -ffp-contract=off: the compiler must not fuse a multiplication and an addition on its own, or the
# same source would give other bits with another instruction set (docs/design.md, repeatable).
function(unet_compile_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -ffp-contract=off
    $<$<BOOL:${UNET_WERROR}>:-Werror>)
  # Highway's targets whose vectors have no length at compile time: no member of a class can be one.
  target_compile_definitions(${target} PRIVATE
    "HWY_DISABLED_TARGETS=(HWY_SVE|HWY_SVE2|HWY_SVE_256|HWY_SVE2_128)")
endfunction()

# Headers of other people that nearly every file of the library includes are parsed once for all, and
# again with JSON for modules of text: a file that only names them compiles in half the time. Of our
# own headers none is among them: each is still included by those that use it.
set(everyday_headers <algorithm> <array> <cmath> <cstdint> <filesystem> <fmt/format.h> <fstream> <functional>
  <limits> <map> <memory> <nlohmann/json_fwd.hpp> <optional> <set> <span> <string> <string_view> <system_error>
  <vector>)

# unet_headers(NAME header...): a target whose precompiled headers others reuse; they must be compiled
# with the same options.
function(unet_headers name)
  set(empty ${PROJECT_BINARY_DIR}/${name}.cpp)
  if(NOT EXISTS ${empty})
    file(WRITE ${empty} "")
  endif()
  add_library(${name} OBJECT ${empty})
  unet_compile_options(${name})
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()

# unet_module(NAME SOURCES file... [DEPENDS module...] [LIBRARIES target...] [TEXT])
# One folder of the library as a target unet_NAME. DEPENDS names the folders below it: the arrows of
# docs/design.md, which tests/architecture checks in the sources too. TEXT: it reads and writes texts
# and walks over no pixels, so that optimising it would only take build time.
function(unet_module name)
  cmake_parse_arguments(ARG "TEXT" "" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_library(unet_${name} STATIC ${ARG_SOURCES})
  unet_compile_options(unet_${name})
  target_include_directories(unet_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  list(TRANSFORM ARG_DEPENDS PREPEND unet_ OUTPUT_VARIABLE below)
  target_link_libraries(unet_${name} PUBLIC ${below} PRIVATE ${ARG_LIBRARIES})
  set_target_properties(unet_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  if(ARG_TEXT)
    target_compile_options(unet_${name} PRIVATE -O1)
    target_precompile_headers(unet_${name} REUSE_FROM unet_text_headers)
  else()
    target_precompile_headers(unet_${name} REUSE_FROM unet_headers)
  endif()
endfunction()

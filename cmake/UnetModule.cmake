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

# unet_module(NAME SOURCES file... [DEPENDS module...] [LIBRARIES target...])
# One folder of the library as a target unet_NAME. DEPENDS names the folders below it: the arrows of
# docs/design.md, which tests/architecture checks in the sources too.
function(unet_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_library(unet_${name} STATIC ${ARG_SOURCES})
  unet_compile_options(unet_${name})
  target_include_directories(unet_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  list(TRANSFORM ARG_DEPENDS PREPEND unet_ OUTPUT_VARIABLE below)
  target_link_libraries(unet_${name} PUBLIC ${below} PRIVATE ${ARG_LIBRARIES})
  set_target_properties(unet_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

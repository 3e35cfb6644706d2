# cmake --install build/release --prefix P: program, library, public headers, what finds them, and
# what comes with the program. Nothing that is installed names P: the folder may be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/unet)

if(UNET_APPS)
  install(TARGETS unet_cli)
endif()
install(TARGETS unet EXPORT unet-targets FILE_SET HEADERS)
install(EXPORT unet-targets NAMESPACE unet:: DESTINATION ${package})
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/unet-config.cmake.in unet-config.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(unet-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/unet-config.cmake ${PROJECT_BINARY_DIR}/unet-config-version.cmake
  DESTINATION ${package})

file(RELATIVE_PATH to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${CMAKE_CURRENT_LIST_DIR}/unet.pc.in unet.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/unet.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/models/ DESTINATION ${CMAKE_INSTALL_DATADIR}/unet/models
  OPTIONAL FILES_MATCHING PATTERN "*.safetensors")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE
  DESTINATION ${CMAKE_INSTALL_DOCDIR})

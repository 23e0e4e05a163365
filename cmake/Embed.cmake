# mns_embed (TARGET FOLDER PATTERN…): the files of FOLDER become a C table in TARGET,
#   const mns_embedded_t mns_embedded_<folder name>[]  { "schema/001_x.sql", text, size } … { NULL }
# declared in common/embedded.h. A program so needs no file of its own beside it.
function(mns_embed target folder)
  get_filename_component(name ${folder} NAME)
  set(files)
  foreach(pattern ${ARGN})
    file(GLOB found CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/${folder} ${CMAKE_SOURCE_DIR}/${folder}/${pattern})
    list(APPEND files ${found})
  endforeach()
  list(SORT files)
  set(paths ${files})
  list(TRANSFORM paths PREPEND ${CMAKE_SOURCE_DIR}/${folder}/)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.c)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DFOLDER=${CMAKE_SOURCE_DIR}/${folder} "-DFILES=${files}" -DOUTPUT=${output}
            -P ${CMAKE_SOURCE_DIR}/cmake/EmbedFiles.cmake
    DEPENDS ${paths} ${CMAKE_SOURCE_DIR}/cmake/EmbedFiles.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

#include "unet/core/files/file_name.h"

#include <gtest/gtest.h>

#include "tests/testing/errors.h"
#include "tests/testing/folder.h"
#include "unet/core/files/atomic_folder.h"
#include "unet/core/files/file.h"

namespace unet {
namespace {

class FileName : public FolderTest {
protected:
    void put(const std::string& name) {
        create_folder((folder / name).parent_path());
        write_file_atomically(folder / name, std::string_view("x"));
    }
    std::string found(const std::string& name) {
        const auto path = file_named(folder, name);
        return path.empty() ? "" : path.lexically_relative(folder).string();
    }
};

TEST_F(FileName, IsFoundAsOthersWriteIt) {
    for (const char* name : {"p1/i/a.tif", "b c.tif", " d.tif", "back\\slash.tif"}) put(name);
    EXPECT_EQ(found("p1/i/a.tif"), "p1/i/a.tif");
    EXPECT_EQ(found("p1\\i\\a.tif"), "p1/i/a.tif");
    EXPECT_EQ(found(" p1\\i\\a.tif\t"), "p1/i/a.tif");
    EXPECT_EQ(found("b c.tif "), "b c.tif");
    EXPECT_EQ(found(" d.tif"), " d.tif");
    EXPECT_EQ(found("back\\slash.tif"), "back\\slash.tif");
    EXPECT_EQ(found("p1/i/b.tif"), "");
    EXPECT_EQ(found(""), "");
}

TEST_F(FileName, IsFoundInOtherSpellings) {
    const std::string composed = "Gr\xC3\xB6\xC3\x9F\x65", decomposed = "Gro\xCC\x88\xC3\x9F\x65";
    put(decomposed + "/" + composed + ".tif");
    EXPECT_EQ(found(composed + "/" + decomposed + ".tif"), decomposed + "/" + composed + ".tif");
    put("caf\xE9.tif");
    EXPECT_EQ(found("caf\xC3\xA9.tif"), "caf\xE9.tif");
    EXPECT_EQ(found("caf\xEF\xBF\xBD.tif"), "caf\xE9.tif");  // as answers have it
    put("caf\xE8.tif");
    EXPECT_EQ(found("caf\xEF\xBF\xBD.tif"), "");  // either could be meant
}

TEST_F(FileName, OfSystemsIsTold) {
    for (const char* name : {"._a.tif", ".DS_Store", "__MACOSX", "Thumbs.db", "desktop.ini"})
        EXPECT_TRUE(is_of_system(name)) << name;
    for (const char* name : {"", "a.tif", "_a", "MACOSX"}) EXPECT_FALSE(is_of_system(name)) << name;
}

TEST_F(FileName, OfAllThatFitsIsWritten) {
    std::string wide;
    for (int i = 0; i < 83; ++i) wide += "\xE7\xB4\xB0";
    for (const std::string& name : {std::string(251, 'n') + ".tif", wide + "ab.tif",
                                    std::string(210, 'm') + "\xC3\xA9.tif"}) {
        put(name);
        EXPECT_TRUE(std::filesystem::exists(folder / name));
        AtomicFolder made(folder / (name.substr(4) + ".dir"));
        made.commit();
    }
    EXPECT_EQ(message_of([&] { put(std::string(252, 'n') + ".tif"); }),
              "cannot write '" + (folder / (std::string(252, 'n') + ".tif")).string() +
                  "': its name would have 256 bytes, at most 255 are possible; give the file that "
                  "it is made from a shorter name");
    EXPECT_EQ(message_of([&] { AtomicFolder(folder / std::string(256, 'n')); }).substr(0, 12),
              "cannot write");
}

}  // namespace
}  // namespace unet

#pragma once

#include <fstream>
#include <string>
#include <vector>

#include "tests/testing/folder.h"
#include "unet/image/write.h"

namespace unet {

/// A test with an empty folder of its own, the notices it was given, and a way to fill the folder.
class DataFolderTest : public FolderTest {
protected:
    std::vector<std::string> notices;

    auto notice() {
        return [this](const std::string& text) { notices.push_back(text); };
    }
    std::filesystem::path in(const std::string& name) {
        std::filesystem::create_directories((folder / name).parent_path());
        return folder / name;
    }
    void write(const std::string& name, const Image& image) { write_image(in(name), image); }
    void write(const std::string& name, const LabelMap& labels) { write_labels(in(name), labels); }
    void write(const std::string& name, const std::string& text) {
        std::ofstream(in(name)) << text;
    }

    /// The message of the Error that `function` throws, with "DIR" for the test's folder; empty if
    /// it throws none.
    template <class Function>
    std::string message_of(Function function) {
        std::string text = unet::message_of(function);
        const std::string path = folder.string();
        for (auto at = text.find(path); at != std::string::npos; at = text.find(path))
            text.replace(at, path.size(), "DIR");
        return text;
    }
};

}  // namespace unet

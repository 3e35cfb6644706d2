#include "unet/report/html_report.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "../objects/maps.h"
#include "unet/core/error.h"

namespace unet {
namespace {

constexpr const char* evil = "<script>alert('\"&')</script>";

int occurrences(const std::string& text, const std::string& part) {
    int count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

/// A report in which every string that may come from a file is hostile.
Report hostile() {
    Report report;
    report.title = report.subject = report.evaluated_on = evil;
    report.overview = {{evil, evil}};
    report.remarks = {evil};
    report.log = parse_training_log("{\"step\":1,\"loss\":1,\"learning_rate\":1,\"score\":1}");
    Evaluation evaluation;
    accumulate(evaluation, evil, map_of({"aa.b"}), map_of({"a..b"}));
    const LabelMap map = map_of({"aa.b"});
    report.images.push_back(show_image(evil, nullptr, {map, &map}));
    report.images.back().why = report.images.back().figures = evil;
    report.evaluation = evaluation;
    report.found = Found{true, {{evil, 1, 2, 3}}, {4}};
    report.check =
        CheckResult{evil, 1, {{.what = evil, .file = "f\"<", .place = evil, .todo = evil}}};
    report.repeat = {{evil}, {{evil, evil}}, evil};
    return report;
}

TEST(HtmlReport, NoTextFromFilesBecomesMarkup) {
    const std::string page = html_of(hostile());
    EXPECT_EQ(occurrences(page, "<script"), 0);
    EXPECT_EQ(occurrences(page, "alert('"), 0);
    EXPECT_GE(occurrences(page, "&lt;script&gt;"), 15);
}

TEST(HtmlReport, ThePageIsWholeAndNeedsNothingElse) {
    const std::string page = html_of(hostile());
    for (const char* id : {"scores", "images", "objects", "found", "curves", "data", "repeat"})
        EXPECT_EQ(occurrences(page, std::string("<section id=\"") + id + '"'), 1) << id;
    EXPECT_EQ(occurrences(page, "http:") + occurrences(page, "https:"), 0);
    EXPECT_EQ(occurrences(page, "<section"), occurrences(page, "</section>"));
    EXPECT_EQ(occurrences(page, "<div"), occurrences(page, "</div>"));
    EXPECT_EQ(occurrences(page, "<table"), occurrences(page, "</table>"));
    EXPECT_EQ(occurrences(page, "<img"), occurrences(page, "alt=\""));
    EXPECT_NE(page.find("prefers-color-scheme: dark"), std::string::npos);
    EXPECT_EQ(page.find("nan"), std::string::npos);
}

TEST(HtmlReport, PartsWithNothingToSayAreLeftOut) {
    Report report;
    report.title = "empty";
    const std::string page = html_of(report);
    EXPECT_EQ(occurrences(page, "<section"), 0);
    EXPECT_NE(page.find("</html>"), std::string::npos);
}

TEST(HtmlReport, CountsAreThoseOfTheEvaluation) {
    Report report;
    Evaluation evaluation;
    accumulate(evaluation, "one", map_of({"aaaa.bc."}), map_of({"aabb.ccd"}));
    report.evaluation = evaluation;
    const std::string page = html_of(report);
    EXPECT_NE(page.find("4 objects annotated"), std::string::npos);
    EXPECT_NE(page.find("3 objects predicted"), std::string::npos);
    EXPECT_NE(page.find("class=\"number\">2</td><td class=\"number quiet\">50.0 %"),
              std::string::npos);  // merged
}

/// Six times an image of noise, which does not compress, with objects of `block` pixels.
std::size_t bytes_with_noise(std::int64_t block) {
    const Size3 size{1, 700, 700};
    const LabelMap map = drawn_map(1, size, block, 60000, 20),
                   truth = drawn_map(2, size, block, 60000, 20);
    Image image;
    image.size = size;
    image.channels = 3;
    image.rgb = true;
    image.type = SampleType::u8;
    for (std::uint32_t i = 0; i < 3 * 700 * 700; ++i)
        image.values.push_back(static_cast<float>(hashed(i) % 256));
    Report report;
    report.evaluation = Evaluation{};
    const ShownImage shown = show_image("noise", &image, {map, &truth, LabelKind::classes});
    for (int i = 0; i < 6; ++i) report.images.push_back(shown);
    return html_of(report).size();
}

TEST(HtmlReport, TheWorstImagesStayBelowTheLimit) {
    EXPECT_LT(bytes_with_noise(14), most_report_bytes);  // just few enough corners for a large part
    EXPECT_LT(bytes_with_noise(2), most_report_bytes);
    EXPECT_GT(bytes_with_noise(14), most_report_bytes / 4) << "the parts are no longer large";
}

TEST(HtmlReport, OnlyReportsAreReplaced) {
    const auto folder = std::filesystem::path(testing::TempDir()) / "unet_html_report";
    std::filesystem::create_directories(folder);
    const auto file = folder / "report.html";
    std::filesystem::remove(file);
    write_report(file, hostile());
    write_report(file, hostile());
    std::ofstream(file) << "my notes";
    EXPECT_THROW(write_report(file, hostile()), Error);
    EXPECT_THROW(write_report(folder, hostile()), Error);
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace unet

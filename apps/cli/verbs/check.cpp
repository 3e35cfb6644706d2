#include "verbs/check.h"

#include "terminal/flags.h"
#include "verbs/verbs.h"

namespace unet::cli {

int check(const Arguments& arguments) {
    CheckOptions options;
    bool json = false;
    std::string val, fix;
    Flags flags(
        "check", "DATA [LABELS] [options]",
        "Looks for faults in annotated images before training: names, sizes, types, labels\n"
        "that are shifted, exchanged, missing or in pieces, images that occur twice. Exit\n"
        "status 1 if training could not use them.",
        {"unet check examples/nuclei/train --val examples/nuclei/val", "unet check mydata --json",
         "unet check mydata --fix mended", "unet check images.tif labels.tif"});
    flags.operand("DATA",
                  "a folder with images/ and labels/; or images and LABELS, both folders or "
                  "both stacks");
    flags.add({"val", "a second data set, which validates: is it apart from DATA?", &val}, "DIR");
    flags.add({"fix", "write a copy into this new folder, with what is safe to mend mended", &fix},
              "DIR");
    flags.add({"json", "print one JSON object", &json});
    flags.heading("of a data set");
    flags.add(fields_of(options.reading));
    if (!flags.parse(arguments, 1, 2)) return 0;
    if (!fix.empty() && std::filesystem::exists(fix) && !std::filesystem::is_empty(fix))
        fail(ErrorCode::invalid_argument,
             "--fix {}: is there already, expected a new folder for the mended copy", fix);
    options.reading.images = flags.operands()[0];
    if (flags.operands().size() > 1) options.reading.labels = flags.operands()[1];
    options.val = val;
    options.stop = system::interrupted;
    system::ask_before_interrupt();

    Context context;
    CheckResult result = check_data(context, options);
    for (Finding& finding : result.findings)
        for (std::string* text : {&finding.what, &finding.todo}) *text = with_flags(*text);
    const Suggested suggested = suggest(context, options);
    std::vector<std::string> done;
    if (!fix.empty()) done = mend(context, options, fix);
    if (json) {
        print_check_json(result, suggested, fix, done);
    } else {
        print_check(result, suggested);
        if (!fix.empty()) print_mended(fix, done);
    }
    return result.has_errors() ? 1 : 0;
}

}  // namespace unet::cli

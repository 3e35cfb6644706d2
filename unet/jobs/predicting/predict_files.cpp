#include "unet/jobs/predicting/predict_files.h"

#include <algorithm>
#include <utility>

#include "unet/core/files/file.h"
#include "unet/jobs/predicting/image_prediction.h"

namespace unet {

PredictedFiles predict_files(const PredictSettings& settings, const Model& model,
                             std::vector<Input> inputs, const PredictHooks& hooks) {
    check_where(settings, inputs);
    if (!settings.table.empty()) check_table_name("table", settings.table);
    const Share share = take_share(settings, inputs);
    std::vector<std::string> notes;  // on the image at hand, each once however many kinds there are
    JobHooks once = hooks;
    once.note = [&](const std::string& text) {
        if (std::find(notes.begin(), notes.end(), text) != notes.end()) return;
        notes.push_back(text);
        if (hooks.note) hooks.note(text);
    };
    Predictor predictor(model, options_of(settings, once));
    const PredictionJob job(settings, inputs, share, model);
    job.check(inputs);
    job.create_folders();
    if (!job.table.empty()) AtomicFile(job.table);  // refused now, not after hours

    Table table;
    PredictedFiles files{
        each_input(inputs, hooks, settings.keep_going,
                   [&](const Input& input) {
                       notes.clear();
                       for (const std::string& note : job.notes) once.note(note);
                       PredictedImage image =
                           ImagePrediction(job, predictor, table, once, input).run();
                       image.notes = notes;
                       if (hooks.done) hooks.done(image);
                       return image;
                   }),
        {},
        {},
        predictor.network_seconds()};
    if (!table.empty()) try {
            write_file_atomically(job.table, table.text());
            files.table = job.table;
        } catch (const Error& error) {
            files.table_error = error;  // told at the end: what was predicted is there
        }
    if (job.unfinished && files.failed.size() + files.not_done == 0) job.unfinished->forget(inputs);
    return files;
}

}  // namespace unet

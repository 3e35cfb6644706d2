#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "unet/core/error.h"
#include "unet/jobs/hooks.h"

namespace unet {

/// A file that a job could not do, and why.
struct FailedInput {
    Input input;
    Error error;  ///< its message names the file
};

/// What became of the files of a job, in their order.
template <class Result>
struct InputResults {
    std::vector<Result> done;
    std::vector<FailedInput> failed;
    std::size_t not_done = 0;  ///< not reached: after a cancel, or a failure that ends the job
};

/// Does `work(item)` for each of `items`, each on its own: one that fails does not stop the others
/// where `keep_going`. `input_of` says which file an item is about. Only Error is caught; with code
/// `cancelled` it ends the job.
template <class Items, class Work, class InputOf = std::identity>
auto each_input(const Items& items, const JobHooks& hooks, bool keep_going, Work work,
                InputOf input_of = {}) {
    InputResults<std::decay_t<decltype(work(*items.begin()))>> results;
    for (const auto& item : items) {
        if (hooks.cancelled && hooks.cancelled()) break;
        const Input& input = std::invoke(input_of, item);
        if (hooks.begin)
            hooks.begin(input, results.done.size() + results.failed.size(), items.size());
        try {
            results.done.push_back(work(item));
        } catch (const Error& error) {
            if (error.code() == ErrorCode::cancelled) break;
            results.failed.push_back(
                {input, {error.code(), told_of(input, error.what()), error.setting()}});
            if (!keep_going) break;
        }
    }
    results.not_done = items.size() - results.done.size() - results.failed.size();
    return results;
}

}  // namespace unet

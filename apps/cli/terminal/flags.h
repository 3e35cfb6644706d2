#pragma once

#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "terminal/help.h"
#include "unet/unet.h"

namespace unet::cli {

/// The command line was not understood; exit status 2.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// base_channels -> --base-channels
std::string flag_of(const std::string& name);
/// A message of the library with flags in place of its settings and commands in place of its
/// functions: "`max_ram` is too small" -> "--max-ram is too small", "`check_data`" ->
/// "`unet check`". Settings are those of the verbs that were asked for their help (`--help=none`).
std::string with_flags(std::string_view message);
/// " --ignore 255 --grey": the flags of the fields whose values differ from those of `usual`, the
/// same table, as one would type them.
std::string flags_that_differ(const Fields& fields, const Fields& usual);

/// The words after a verb: operands, and one flag per Field (`base_channels` is `--base-channels`).
/// The same tables are read from config.toml and the model file, so names and help agree.
class Flags {
public:
    /// `synopsis` follows "unet VERB" in the usage line; `examples` are printed as they are.
    Flags(std::string verb, std::string synopsis, std::string summary,
          std::vector<std::string> examples);

    /// Describes an operand in --help; a name in small letters is typed as it stands (Help).
    void operand(std::string name, std::string help);
    /// Starts a group of flags in --help.
    void heading(std::string title);
    /// Adds a flag. A bool is a switch, `--name` or `--no-name`. `placeholder` names the value in
    /// --help ("DIR"); empty takes the field's own.
    void add(Field field, std::string placeholder = {});
    void add(const Fields& fields);

    /// Splits `arguments`, collects operands and applies every flag that was given. Returns false
    /// if --help was asked for and printed on stdout.
    /// Throws UsageError for an unknown flag (naming the nearest one), a flag without its value, or
    /// a number of operands outside [least, most]; Error(invalid_argument) for a value out of
    /// range.
    bool parse(const std::vector<std::string>& arguments, std::size_t least, std::size_t most);
    /// Sets the given flags once more: after a preset or a config file, which they override.
    void apply() const;

    /// The flags given, as typed but for the leading "--".
    std::vector<std::string> given_names() const;
    const std::vector<std::string>& operands() const { return operands_; }

private:
    void collect(const std::vector<std::string>& arguments, bool& help);
    [[noreturn]] void unknown(const std::string& word) const;
    void print_help(std::string_view form) const;

    Help help_;
    std::string heading_ = "options";
    std::vector<Field> fields_;
    std::map<std::string, std::string> values_;  ///< field name -> text, of the flags given
    std::vector<std::string> operands_;
};

}  // namespace unet::cli

#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace unet {

// Names of classes and their values 1, 2, ... A name that was made of a value says it again:
// "class N" (an export without names) and "group N" (ImageJ) are N.

/// The name of a value that has none.
std::string class_name_of(std::uint32_t value);

/// The order of names by which values are given: that of the alphabet, but of numbers by their
/// size, so that "zone 2" is before "zone 10".
struct ByName {
    bool operator()(const std::string& a, const std::string& b) const;
};

/// The names of the values 1, 2, ... for the classes `found`: those that say their value have it,
/// the others take the values that are left, in their order; one that none has is "class N".
/// Throws Error(invalid_argument) for a value above `most`; `where` begins the message.
std::vector<std::string> names_by_value(const std::set<std::string, ByName>& found,
                                        std::uint32_t most, const std::string& where);

/// The value of a class among the names of the values 1, 2, ...; 0 where there is none.
std::uint32_t value_of_class(const std::string& name, const std::vector<std::string>& names);

}  // namespace unet

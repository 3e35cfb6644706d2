#include "unet/model/safetensors.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <system_error>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/model/element_type.h"

namespace unet {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;  // keeps tensors in file order when writing

// Headers have some hundred bytes a tensor. The format allows 100 MB; a small limit keeps a broken
// length field from costing memory.
constexpr std::uint64_t longest_header = 16 << 20;
// {"name": {"shape": [ ... ]}} is the deepest thing that the format knows.
constexpr int deepest_header = 3;

/// One tensor as the header describes it, offsets counted from the first byte after the header.
struct Entry {
    std::string name;
    std::string type;
    std::vector<std::int64_t> shape;
    std::int64_t elements = 1;
    std::int64_t begin = 0, end = 0;
};

/// An open file whose size is known; every failure names it.
class Input {
public:
    explicit Input(const std::filesystem::path& path) : name_(path.string()) {
        std::error_code error;
        if (std::filesystem::is_directory(path, error))
            fail(ErrorCode::io, "cannot read '{}': it is a folder, expected a safetensors file",
                 name_);
        const auto size = std::filesystem::file_size(path, error);
        if (error) fail(ErrorCode::io, "cannot read '{}': {}", name_, error.message());
        size_ = static_cast<std::int64_t>(size);
        stream_.open(path, std::ios::binary);
        if (!stream_)
            fail(ErrorCode::io, "cannot read '{}': {}", name_,
                 std::error_code(errno, std::generic_category()).message());
    }
    std::int64_t size() const { return size_; }

    void read(std::int64_t offset, std::span<std::byte> bytes) {
        stream_.seekg(offset);
        stream_.read(reinterpret_cast<char*>(bytes.data()),
                     static_cast<std::streamsize>(bytes.size()));
        if (!stream_) fail(ErrorCode::io, "cannot read '{}': it ended while it was read", name_);
    }

    template <class... Args>
    [[noreturn]] void refuse(fmt::format_string<Args...> message, Args&&... args) const {
        fail(ErrorCode::corrupt_file, "'{}': {}", name_,
             fmt::format(message, std::forward<Args>(args)...));
    }

private:
    std::string name_;
    std::int64_t size_ = 0;
    std::ifstream stream_;
};

/// The header's text; its length has been compared with the file's.
std::string read_header(Input& input) {
    if (input.size() < 8)
        input.refuse("it has {} bytes, too few for a safetensors file; it may have been cut off",
                     input.size());
    std::uint64_t length = 0;
    input.read(0, std::as_writable_bytes(std::span(&length, 1)));
    if ((length & 0xffffffff) == 0x04034b50)  // "PK\3\4"
        input.refuse(
            "this is a zip archive, as PyTorch writes .pt files, expected safetensors; save the "
            "state_dict with safetensors.torch.save_file");
    if (length > longest_header || length > static_cast<std::uint64_t>(input.size() - 8))
        input.refuse(
            "its first eight bytes promise a header of {} bytes, the file has {}; it is cut off "
            "or not a safetensors file",
            length, input.size());
    std::string text(length, ' ');
    input.read(8, std::as_writable_bytes(std::span(text)));
    if (text.empty() || text[0] != '{')
        input.refuse("its header does not begin with a brace: not a safetensors file");
    return text;
}

json parse_header(const Input& input, const std::string& text) {
    std::vector<std::set<std::string>> names;  // keys of every object that is open
    const auto watch = [&](int depth, json::parse_event_t event, json& value) {
        if (depth > deepest_header) input.refuse("its header is nested too deeply");
        if (event == json::parse_event_t::object_start) names.emplace_back();
        if (event == json::parse_event_t::object_end) names.pop_back();
        if (event == json::parse_event_t::key && !names.back().insert(value).second)
            input.refuse("its header has '{}' twice", value.get<std::string>());
        return true;
    };
    try {
        return json::parse(text, watch);
    } catch (const json::parse_error& error) {
        input.refuse("its header is not JSON from byte {} on", error.byte);
    }
}

std::int64_t natural_number(const Input& input, const std::string& name, const json& value) {
    constexpr std::uint64_t largest = std::uint64_t{1} << 48;
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > largest)
        input.refuse("tensor '{}': found {} among its sizes, expected whole numbers", name,
                     value.dump());
    return value.get<std::int64_t>();
}

Entry parse_entry(const Input& input, const std::string& name, const json& object,
                  std::int64_t data_bytes) {
    if (!object.is_object() || !object.contains("dtype") || !object["dtype"].is_string() ||
        !object.contains("shape") || !object["shape"].is_array() ||
        !object.contains("data_offsets") || !object["data_offsets"].is_array() ||
        object["data_offsets"].size() != 2)
        input.refuse("tensor '{}' lacks a dtype, a shape or two data_offsets", name);
    Entry entry{name, object["dtype"].get<std::string>(), {}, 1, 0, 0};
    for (const auto& extent : object["shape"]) {
        entry.shape.push_back(natural_number(input, name, extent));
        if (__builtin_mul_overflow(entry.elements, entry.shape.back(), &entry.elements))
            input.refuse("tensor '{}' has more elements than can be counted", name);
    }
    entry.begin = natural_number(input, name, object["data_offsets"][0]);
    entry.end = natural_number(input, name, object["data_offsets"][1]);
    if (entry.begin > entry.end || entry.end > data_bytes)
        input.refuse(
            "tensor '{}' should lie at bytes {} to {} of the {} that follow the header; the file "
            "may have been cut off",
            name, entry.begin, entry.end, data_bytes);
    return entry;
}

/// Sorted by place in the file, which they must fill without gap or overlap.
void check_layout(const Input& input, std::vector<Entry>& entries, std::int64_t data_bytes) {
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
    });
    std::int64_t place = 0;
    for (const Entry& entry : entries) {
        if (entry.begin != place)
            input.refuse(
                "tensor '{}' begins at byte {}, expected {}: tensors overlap or leave a gap",
                entry.name, entry.begin, place);
        place = entry.end;
    }
    if (place != data_bytes)
        input.refuse("its tensors end at byte {}, the file has {} after the header", place,
                     data_bytes);
}

NamedTensor read_tensor(Input& input, const Entry& entry, std::int64_t data_begin) {
    const auto type = element_type_called(entry.type);
    if (!type)
        input.refuse("tensor '{}' has type {}, expected F32, F16, BF16 or F64", entry.name,
                     entry.type);
    const std::int64_t bytes = entry.end - entry.begin;
    std::int64_t expected = 0;
    if (__builtin_mul_overflow(entry.elements, bytes_of(*type), &expected) || expected != bytes)
        input.refuse("tensor '{}' of type {} and shape [{}] has {} bytes, which do not fit",
                     entry.name, entry.type, fmt::join(entry.shape, ", "), bytes);
    NamedTensor tensor{entry.name, entry.shape, {}};
    tensor.values.resize(entry.elements);
    if (*type == ElementType::f32) {
        input.read(data_begin + entry.begin, std::as_writable_bytes(std::span(tensor.values)));
    } else {
        std::vector<std::byte> stored(bytes);
        input.read(data_begin + entry.begin, stored);
        to_float32(*type, stored, tensor.values);
    }
    return tensor;
}

std::string header_of(std::span<const NamedTensor> tensors,
                      const std::map<std::string, std::string>& metadata) {
    ordered_json header = ordered_json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::set<std::string> names{"__metadata__"};
    std::size_t place = 0;
    for (const NamedTensor& tensor : tensors) {
        std::size_t elements = 1;
        for (const std::int64_t extent : tensor.shape) elements *= static_cast<std::size_t>(extent);
        if (elements != tensor.values.size())
            fail(ErrorCode::invalid_argument,
                 "tensor '{}' of shape [{}] has {} values, expected {}", tensor.name,
                 fmt::join(tensor.shape, ", "), tensor.values.size(), elements);
        if (!names.insert(tensor.name).second)
            fail(ErrorCode::invalid_argument, "the tensor name '{}' is taken already", tensor.name);
        const std::size_t end = place + tensor.values.size() * sizeof(float);
        header[tensor.name] =
            ordered_json{{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {place, end}}};
        place = end;
    }
    std::string text;
    try {
        text = header.dump();
    } catch (const nlohmann::json::exception&) {
        fail(ErrorCode::invalid_argument, "a tensor name or metadata text is not valid UTF-8");
    }
    text.resize((text.size() + 7) / 8 * 8, ' ');
    return text;
}

}  // namespace

bool is_safetensors_file(const std::filesystem::path& path) {
    if (path.extension() == ".safetensors") return true;
    std::ifstream file(path, std::ios::binary);
    char first[9] = {};
    return file.read(first, sizeof first) && first[8] == '{';
}

Safetensors read_safetensors(const std::filesystem::path& path, const TensorFilter& wanted) {
    Input input(path);
    const std::string text = read_header(input);
    const json header = parse_header(input, text);
    const auto data_begin = static_cast<std::int64_t>(8 + text.size());
    const std::int64_t data_bytes = input.size() - data_begin;

    Safetensors file;
    std::vector<Entry> entries;
    for (const auto& [name, value] : header.items()) {
        if (name != "__metadata__") {
            entries.push_back(parse_entry(input, name, value, data_bytes));
            continue;
        }
        if (!value.is_object()) input.refuse("its __metadata__ is not an object");
        for (const auto& [key, word] : value.items()) {
            if (!word.is_string()) input.refuse("its __metadata__ '{}' is not a text", key);
            file.metadata[key] = word.get<std::string>();
        }
    }
    check_layout(input, entries, data_bytes);
    for (const Entry& entry : entries)
        if (!wanted || wanted(entry.name))
            file.tensors.push_back(read_tensor(input, entry, data_begin));
    return file;
}

void write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                       const std::map<std::string, std::string>& metadata) {
    const std::string header = header_of(tensors, metadata);
    const std::uint64_t length = header.size();
    AtomicFile output(path);
    output.write(std::as_bytes(std::span(&length, 1)));
    output.write(header);
    for (const NamedTensor& tensor : tensors) output.write(std::as_bytes(std::span(tensor.values)));
    output.commit();
}

void write_safetensors(const std::filesystem::path& path, const Safetensors& file) {
    write_safetensors(path, file.tensors, file.metadata);
}

}  // namespace unet

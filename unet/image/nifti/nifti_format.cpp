#include "unet/image/nifti/nifti_format.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "unet/core/error.h"
#include "unet/core/files/file.h"
#include "unet/image/file_sink.h"
#include "unet/image/nifti/gzip_stream.h"
#include "unet/image/nifti/nifti_header.h"
#include "unet/image/nifti/nifti_header_write.h"
#include "unet/image/stored.h"

namespace unet {
namespace {

bool is_packed(const std::filesystem::path& path) { return path.extension() == ".gz"; }

std::filesystem::path raw_name(const std::filesystem::path& path) {
    auto name = path;
    if (is_packed(path)) name += ".raw";
    return name;
}

/// Packs a file by gzip, without its name and date.
void pack(const std::filesystem::path& from, const std::filesystem::path& target) {
    AtomicFile file(target);
    std::unique_ptr<gzFile_s, int (*)(gzFile_s*)> gz(gzopen64(file.temporary().c_str(), "wb6"),
                                                     gzclose);
    const auto refuse = [&] {
        fail(ErrorCode::io, "cannot write '{}': {}", target.string(), std::strerror(errno));
    };
    if (gz == nullptr) refuse();
    std::ifstream raw(from, std::ios::binary);
    std::vector<char> bytes(std::size_t{1} << 20);
    while (raw.read(bytes.data(), std::ssize(bytes)) || raw.gcount() > 0)
        if (gzwrite(gz.get(), bytes.data(), static_cast<unsigned>(raw.gcount())) <= 0) refuse();
    if (!raw.eof()) fail(ErrorCode::io, "cannot read '{}'", from.string());
    if (gzclose(gz.release()) != Z_OK) refuse();
    file.commit();
}

/// A NIfTI file, `.nii`, or `.nii.gz` for gzip: channels are its fifth axis. Pixels go to their
/// place on disk at once; a packed file is packed by finish() from a file beside it.
class NiftiSink final : public FileSink {
public:
    /// Throws as nifti_start, and Error(io).
    NiftiSink(const std::filesystem::path& path, const FileShape& shape);

    void finish() override;

private:
    void put(const Region& region, std::int64_t channel,
             std::span<const std::byte> samples) override;

    NiftiStart start_;
    bool packed_;
    AtomicFile file_;
    std::vector<std::byte> row_;
};

NiftiSink::NiftiSink(const std::filesystem::path& path, const FileShape& shape)
    : FileSink(nifti_format, path, shape),
      start_(nifti_start(path, shape)),
      packed_(is_packed(path)),
      file_(raw_name(path)) {
    file_.write(start_.bytes);
}

void NiftiSink::put(const Region& region, std::int64_t channel,
                    std::span<const std::byte> samples) {
    const Size3& size = shape().size;
    const auto row_bytes = static_cast<std::size_t>(region.size.width * sample_bytes());
    for (std::int64_t y = 0; y < region.size.height; ++y, samples = samples.subspan(row_bytes)) {
        row_.assign(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(row_bytes));
        if (start_.swapped) swap_bytes(row_, sample_bytes());
        const std::int64_t pixel =
            ((channel * size.depth + region.z) * size.height + region.y + y) * size.width +
            region.x;
        file_.write_at(std::ssize(start_.bytes) + pixel * sample_bytes(), row_);
    }
}

void NiftiSink::finish() {
    if (packed_)
        pack(file_.temporary(), path());
    else
        file_.commit();
}

constexpr std::string_view endings[] = {".nii", ".nii.gz"};

std::unique_ptr<FileSink> create(const Format::Path& path, const FileShape& shape, int) {
    return std::make_unique<NiftiSink>(path, shape);
}

}  // namespace

const Format nifti_format{
    .name = "nifti",
    .title = "NIfTI",
    .endings = endings,
    .recognises = [](const Format::Path& path, std::string_view) { return is_nifti(path); },
    .open = [](const Format::Path& path, const ReadOptions&) { return open_nifti(path); },
    .place =
        [](const Format::Path& path) {
            GzipStream stream(path);
            const auto header = parse_nifti_header(read_nifti_header(stream));
            return header ? header->place : std::nullopt;
        },
    .ending = ".nii",
    .takes_place = true,
    .check = [](const Format::Path& path, const FileShape& shape) { nifti_start(path, shape); },
    .create = create,
    .is_ours = is_nifti_of_unet};

}  // namespace unet

#include "unet/objects/measuring/volumes.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "unet/core/math.h"
#include "unet/objects/object_runs.h"

namespace unet {
namespace {

using Vector = std::array<double, 3>;  // z, y, x
using Matrix = std::array<Vector, 3>;

/// Voxels of an object as points at their centres.
struct VolumeMoments {
    std::int64_t voxels = 0;
    Vector centroid{};
    Matrix covariance{};
};

/// Sums over voxels of their distances to a point, and of the products of these.
struct Sums {
    Vector first{};
    Matrix second{};
};

/// Rows of all slices follow each other in `runs`.
Sums sums_about(std::span<const PixelRun> runs, std::int64_t height,
                const std::array<std::int64_t, 3>& point) {
    Sums sums;
    for (const PixelRun& run : runs) {
        // Of the distances d, d + 1, ..., d + n - 1 and of their squares.
        const std::int64_t n = run.end - run.begin, d = run.begin - point[2];
        const std::int64_t along = n * d + n * (n - 1) / 2;
        const std::int64_t squares = n * d * d + d * n * (n - 1) + (n - 1) * n * (2 * n - 1) / 6;
        const std::int64_t slice = run.y / height, row = run.y % height;
        const auto z = static_cast<double>(slice - point[0]);
        const auto y = static_cast<double>(row - point[1]);
        const auto count = static_cast<double>(n);
        const Vector own{count * z, count * y, static_cast<double>(along)};
        for (std::size_t i = 0; i < 3; ++i) {
            sums.first[i] += own[i];
            sums.second[i][0] += own[i] * z;
            sums.second[i][1] += own[i] * y;
        }
        sums.second[2][2] += static_cast<double>(squares);
    }
    sums.second[0][2] = sums.second[2][0];
    sums.second[1][2] = sums.second[2][1];
    return sums;
}

VolumeMoments moments_of(std::span<const PixelRun> runs, std::int64_t height) {
    VolumeMoments moments;
    for (const PixelRun& run : runs) moments.voxels += run.end - run.begin;
    const auto count = static_cast<double>(moments.voxels);
    // About the voxel next to the centroid, so that differences of large sums lose no digits.
    std::array<std::int64_t, 3> near{runs.front().y / height, runs.front().y % height,
                                     runs.front().begin};
    const Sums rough = sums_about(runs, height, near);
    for (std::size_t i = 0; i < 3; ++i)
        near[i] += static_cast<std::int64_t>(std::floor(rough.first[i] / count + 0.5));
    const Sums sums = sums_about(runs, height, near);
    for (std::size_t i = 0; i < 3; ++i) {
        moments.centroid[i] = static_cast<double>(near[i]) + sums.first[i] / count;
        for (std::size_t k = 0; k < 3; ++k)
            moments.covariance[i][k] =
                sums.second[i][k] / count - sums.first[i] / count * (sums.first[k] / count);
    }
    return moments;
}

/// Turns the axes p and q of a symmetric matrix so that its entry there becomes 0 (Jacobi).
void rotate(Matrix& a, std::size_t p, std::size_t q) {
    if (a[p][q] == 0.0) return;
    const double theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    const double tangent =
        (theta < 0.0 ? -1.0 : 1.0) / (std::fabs(theta) + sqrt_of(theta * theta + 1.0));
    const double cosine = 1.0 / sqrt_of(tangent * tangent + 1.0), sine = tangent * cosine;
    const std::size_t r = 3 - p - q;
    a[p][p] -= tangent * a[p][q];
    a[q][q] += tangent * a[p][q];
    a[p][q] = a[q][p] = 0.0;
    const double rp = a[r][p], rq = a[r][q];
    a[r][p] = a[p][r] = cosine * rp - sine * rq;
    a[r][q] = a[q][r] = sine * rp + cosine * rq;
}

/// Eigenvalues of a covariance matrix, ascending, none below 0.
Vector eigenvalues(Matrix a) {
    constexpr int sweeps = 10;  // each squares the error; 6 suffice from any start
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        rotate(a, 0, 1);
        rotate(a, 0, 2);
        rotate(a, 1, 2);
    }
    Vector values{std::max(0.0, a[0][0]), std::max(0.0, a[1][1]), std::max(0.0, a[2][2])};
    std::sort(values.begin(), values.end());
    return values;
}

VolumeLengths lengths_of(const VolumeMoments& moments, const Vector& voxel) {
    VolumeLengths lengths;
    lengths.volume = static_cast<double>(moments.voxels) * (voxel[0] * voxel[1] * voxel[2]);
    Matrix covariance = moments.covariance;
    for (std::size_t i = 0; i < 3; ++i) {
        lengths.centroid[i] = moments.centroid[i] * voxel[i];
        for (std::size_t k = 0; k < 3; ++k) covariance[i][k] *= voxel[i] * voxel[k];
    }
    lengths.equivalent_diameter = power_of(6.0 * lengths.volume / pi, 1.0 / 3.0);
    // The variance of a ball along an axis of length l is l^2 / 20.
    const Vector variances = eigenvalues(covariance);
    lengths.axis_major = sqrt_of(20.0 * variances[2]);
    lengths.axis_minor = sqrt_of(20.0 * variances[0]);
    return lengths;
}

std::array<std::int64_t, 6> box_of(std::span<const PixelRun> runs, std::int64_t height) {
    std::array<std::int64_t, 6> box{runs.front().y / height,    height, runs.front().begin,
                                    runs.back().y / height + 1, 0,      0};
    for (const PixelRun& run : runs) {
        const std::int64_t y = run.y % height;
        box[1] = std::min(box[1], y);
        box[2] = std::min(box[2], run.begin);
        box[4] = std::max(box[4], y + 1);
        box[5] = std::max(box[5], run.end);
    }
    return box;
}

}  // namespace

std::vector<VolumeMeasurements> measure_volumes(const LabelMap& labels, const Image* image) {
    if (image != nullptr) check_measurable(labels, *image);
    const Spacing spacing = measured_spacing(labels, image);
    const Size3& size = labels.size;
    const ObjectRuns runs(labels.values, size.width);  // rows of all slices
    std::vector<VolumeMeasurements> objects(runs.ids().size());
    for (std::size_t i = 0; i < objects.size(); ++i) {
        VolumeMeasurements& object = objects[i];
        object.label = runs.ids()[i];
        object.bbox = box_of(runs.runs(i), size.height);
        object.touches_border = object.bbox[0] == 0 || object.bbox[1] == 0 || object.bbox[2] == 0 ||
                                object.bbox[3] == size.depth || object.bbox[4] == size.height ||
                                object.bbox[5] == size.width;
        const VolumeMoments moments = moments_of(runs.runs(i), size.height);
        object.voxels = lengths_of(moments, {1.0, 1.0, 1.0});
        if (spacing.known() && spacing.size[0] > 0.0)
            object.physical = lengths_of(moments, spacing.size);
    }
    for (std::int64_t c = 0; image != nullptr && c < image->channels; ++c) {
        BrightnessMeter meter({image->plane(c), labels.values.size()}, labels.values, size.width);
        for (std::size_t i = 0; i < objects.size(); ++i)
            objects[i].channels.push_back(meter.measure(runs.runs(i)));
    }
    return objects;
}

}  // namespace unet

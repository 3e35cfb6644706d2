"""Writes tests/image/places: one volume and its labels, stored in other orders of axes by nibabel.

    python3 make_places.py            with nibabel 5
"""
import json
import pathlib

import nibabel as nib
import numpy as np
from nibabel.orientations import apply_orientation

HERE = pathlib.Path(__file__).parent / "places"
SHAPE = (12, 9, 5)  # x, y, z
# Axis order and direction of the copies (nibabel.orientations).
ORDERS = {"columns": [[0, -1], [1, 1], [2, 1]], "rows": [[0, 1], [1, -1], [2, 1]],
          "slices": [[0, 1], [1, 1], [2, -1]], "exchanged": [[1, 1], [0, 1], [2, 1]],
          "turned": [[1, 1], [2, -1], [0, -1]]}


def save(name, values, affine, unit="mm", qform=False):
    image = nib.Nifti1Image(values, affine)
    if unit:
        image.header.set_xyzt_units(unit)
    if qform:
        image.set_sform(None, 0)
        image.set_qform(affine, 1)
    nib.save(image, HERE / name)
    return np.round(nib.load(HERE / name).affine, 5).tolist()


def main():
    HERE.mkdir(exist_ok=True)
    labels = np.zeros(SHAPE, "u1")
    labels[1:5, 1:4, 1:4] = 1
    labels[6:11, 5:8, 0:3] = 2
    labels[1:3, 6:8, 2:5] = 3
    image = (20 + 60 * labels + np.arange(SHAPE[0], dtype="u1")[:, None, None]).astype("u1")
    c, s = np.cos(0.3), np.sin(0.3)
    affine = np.eye(4)
    affine[:3, :3] = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.diag([-0.7, 0.7, 2.0])
    affine[:3, 3] = 10, -20, 30
    affines = {"image.nii.gz": save("image.nii.gz", image, affine)}
    affines["labels.nii.gz"] = save("labels.nii.gz", labels, affine)
    for name, order in ORDERS.items():
        for kind, values in ("labels", labels), ("image", image):
            turned = nib.Nifti1Image(values, affine).as_reoriented(np.array(order))
            assert (np.asarray(turned.dataobj) == apply_orientation(values, order)).all()
            file = f"{kind}_{name}.nii.gz"
            affines[file] = save(file, np.asarray(turned.dataobj), turned.affine, qform=name == "turned")
    other = affine.copy()
    other[:3, :3] *= 1.1
    save("spacing.nii.gz", labels, other)
    other = affine.copy()
    other[:3, 3] += 3
    save("origin.nii.gz", labels, other)
    other = affine.copy()
    other[:3, 3] += 0.3 * affine[:3, 0]
    save("near.nii.gz", labels, other)
    other = affine.copy()
    other[:3, :3] = np.diag([-0.7, 0.7, 2.0])
    save("oblique.nii.gz", labels, other)
    other = affine * 1000
    other[3, 3] = 1
    save("micrometres.nii.gz", labels, other, unit="micron")
    save("no_unit.nii.gz", labels, affine, unit=None)
    save("by_default.nii.gz", labels, np.eye(4), unit=None)
    # Whole numbers that nibabel stores as 8-bit integers with a slope of its own: 2 becomes 1.99.
    numbers = np.where(labels == 3, 7, labels).astype("f4")
    scaled = nib.Nifti1Image(numbers, affine)
    scaled.set_data_dtype("u1")
    scaled.header.set_slope_inter(None, None)
    nib.save(scaled, HERE / "scaled.nii.gz")
    found = np.unique(nib.load(HERE / "scaled.nii.gz").get_fdata())
    assert not np.array_equal(found, np.round(found)), found
    print(found)
    (HERE / "affines.json").write_text(json.dumps(affines, indent=1) + "\n")


if __name__ == "__main__":
    main()

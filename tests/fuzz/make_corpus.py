"""What the fuzzers begin with, made of the small files of the other tests.

    python3 make_corpus.py FOLDER

writes FOLDER/TARGET/NAME for each target of targets.h.
"""
import io
import json
import pathlib
import struct
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
IMAGES = ROOT / "tests/image/files"
CASES = ROOT / "tests/golden/cases"
MOST_BYTES = 8192  # of a seed: small inputs are tried more often
SQUARE = [[1, 1], [9, 1], [9, 7], [1, 7], [1, 1]]
JSON_SEEDS = {
    "geojson": {"type": "FeatureCollection", "features": [
        {"type": "Feature", "id": "a", "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
         "properties": {"objectType": "annotation", "classification": {"name": "Cell"}}},
        {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE, SQUARE]],
                                         "plane": {"c": -1, "z": 1, "t": 0}},
         "properties": {"name": "7", "classification": {"name": "Region*"}}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [3, 4]}, "properties": {}},
        {"type": "Feature", "geometry": {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "coordinates": [SQUARE]}, {"type": "LineString", "coordinates": SQUARE}]},
         "nucleusGeometry": {"type": "Polygon", "coordinates": [SQUARE]},
         "properties": {"classification": {"names": ["A", "B"]}, "measurements": {"a": float("nan"), "b": 1}}}]},
    "labelme": {"version": "5.0", "imagePath": "a.png", "imageHeight": 20, "imageWidth": 30, "shapes": [
        {"label": "cell", "shape_type": "polygon", "points": SQUARE[:4], "group_id": None},
        {"label": "cell", "shape_type": "rectangle", "points": [[2, 2], [8, 9]]},
        {"label": "cell", "shape_type": "circle", "points": [[12, 12], [15, 12]]}]},
    "coco": {"images": [{"id": 1, "file_name": "a.png", "height": 20, "width": 30}],
             "categories": [{"id": 1, "name": "cell"}], "annotations": [
        {"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, "segmentation": [[1, 1, 9, 1, 9, 7, 1, 7]]},
        {"id": 2, "image_id": 1, "category_id": 1, "iscrowd": 1,
         "segmentation": {"size": [20, 30], "counts": [20, 5, 15, 560]}},
        {"id": 3, "image_id": 1, "category_id": 1, "iscrowd": 1, "segmentation": {"size": [20, 30], "counts": "d05?PP1"}}]},
}


def zipped(entries):
    """A zip archive of texts."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return whole.getvalue()


def packed(folder):
    """A folder as one input of the target zarr."""
    parts = b""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        parts += f"\n#FILE {path.relative_to(folder)}\n".encode() + path.read_bytes()
    return parts


def header_alone(path):
    """A safetensors file that says what a model is and holds no tensor."""
    content = path.read_bytes()
    length, = struct.unpack("<Q", content[:8])
    header = json.dumps({"__metadata__": json.loads(content[8:8 + length])["__metadata__"]}).encode()
    return struct.pack("<Q", len(header)) + header


def seeds():
    """Triples of target, name, bytes."""
    targets = {".png": "png", ".jpg": "jpeg", ".tif": "tiff", ".stk": "tiff", ".nii": "nifti", ".gz": "nifti"}
    for path in sorted([*IMAGES.iterdir(), *CASES.glob("*/*")]):
        if path.suffix in targets and path.is_file():
            yield targets[path.suffix], path.name, path.read_bytes()
        elif path.suffix == ".zarr":
            yield "zarr", path.name, packed(path)
    rois = ROOT / "tests/annotation/imagej/RoiSet.zip"
    yield "annotation", rois.name, rois.read_bytes()
    with zipfile.ZipFile(rois) as archive:
        for name in archive.namelist():
            yield "annotation", name, archive.read(name)
    for name, content in JSON_SEEDS.items():
        text = json.dumps(content)
        yield "annotation", f"{name}.json", text.encode()
        yield "annotation", f"{name}_zip.json", zipped({f"a.{name}.json": text, "__MACOSX/._a.json": "x", "b.txt": "y"})
        # As parse_json() mends it.
        odd = text.replace("]}", ",]}", 1).replace("cell", "Gr\u00f6\\udce9\\d\t").replace("20", "1e999", 1)
        yield "annotation", f"{name}_odd.json", f"// {name}\n{odd}".encode("latin-1")
        yield "annotation", f"{name}_wide.json", odd.encode("utf-16")
    for path in (ROOT / "tests/model/foreign.safetensors", *sorted((ROOT / "tests/golden").glob("*.safetensors"))):
        yield "model", path.name, path.read_bytes()
    yield "model", "header.safetensors", header_alone(ROOT / "models/nuclei.safetensors")


def main():
    out, count = pathlib.Path(sys.argv[1]), 0
    for target, name, content in seeds():
        if len(content) > MOST_BYTES:
            continue
        (out / target).mkdir(parents=True, exist_ok=True)
        (out / target / name).write_bytes(content)
        count += 1
    print(f"{count} inputs in {out}")


if __name__ == "__main__":
    main()

"""The bundled nuclei, as strangers copy them from folder to folder."""
import pathlib
import shutil
import struct
import zlib

NUCLEI = pathlib.Path(__file__).resolve().parents[2] / "examples" / "nuclei"


def copy_pairs(target, part="train", count=5, first=0):
    """`count` pictures of a part with their labels, in the order of their names."""
    for folder in ("images", "labels"):
        (target / folder).mkdir(parents=True, exist_ok=True)
    names = sorted(p.stem for p in (NUCLEI / part / "images").iterdir())[first:first + count]
    for name in names:
        for folder in ("images", "labels"):
            file, = (NUCLEI / part / folder).glob(name + ".*")
            shutil.copy(file, target / folder / file.name)
    return names


def read_png(path):
    """(rows of tuples of samples, bits) of a PNG of 8 or 16 bits, not interlaced."""
    data, place, packed = path.read_bytes(), 8, b""
    width, height, bits, kind = struct.unpack(">IIBB", data[16:26])
    while place < len(data):
        length, = struct.unpack_from(">I", data, place)
        if data[place + 4:place + 8] == b"IDAT":
            packed += data[place + 8:place + 8 + length]
        place += 12 + length
    samples = {0: 1, 2: 3, 4: 2, 6: 4}[kind]
    step = samples * bits // 8
    raw, stride, rows, above = zlib.decompress(packed), width * step, [], bytearray(width * step)
    for y in range(height):
        form, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range(stride):
            left, up = line[i - step] if i >= step else 0, above[i]
            corner = above[i - step] if i >= step else 0
            if form == 1:
                line[i] = (line[i] + left) & 255
            elif form == 2:
                line[i] = (line[i] + up) & 255
            elif form == 3:
                line[i] = (line[i] + (left + up) // 2) & 255
            elif form == 4:
                guess = left + up - corner
                nearest = min((abs(guess - v), n, v) for n, v in enumerate((left, up, corner)))[2]
                line[i] = (line[i] + nearest) & 255
        above = line
        flat = struct.unpack(">%d%s" % (width * samples, "H" if bits == 16 else "B"), line)
        rows.append([flat[x * samples:(x + 1) * samples] for x in range(width)])
    return rows, bits

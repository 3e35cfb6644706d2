"""Images for tests with nothing but the standard library: PNG, uncompressed TIFF and OME-Zarr."""
import json
import struct
import zlib


def slanted(width, height):
    """Rows of 8-bit values without objects, in which no two places nearby look alike."""
    row = bytes(x * 7 % 251 for x in range(width))
    return [row[y % 97:] + row[:y % 97] for y in range(height)]


def write_png(path, rows, bits=8, palette=None):
    """`rows` of numbers (grey, or indices of a `palette` of triples) or of triples (red, green, blue)."""
    colour = isinstance(rows[0][0], tuple)
    form = ">%d%s" % (len(rows[0]) * (3 if colour else 1), "B" if bits == 8 else "H")
    lines = b""
    for row in rows:
        samples = [sample for pixel in row for sample in pixel] if colour else row
        lines += b"\0" + struct.pack(form, *samples)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), bits, 3 if palette else 2 if colour else 0, 0, 0, 0)
    table = chunk(b"PLTE", bytes(v for entry in palette for v in entry)) if palette else b""
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + table +
                     chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))


def png_size(path):
    """(width, height) of a PNG."""
    return struct.unpack(">II", path.read_bytes()[16:24])


def read_png(path):
    """Rows of a grey PNG of 8 or 16 bits."""
    data, at, packed = path.read_bytes(), 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, height, bits, colour = struct.unpack(">IIBB", data[at + 8:at + 18])
        elif kind == b"IDAT":
            packed += data[at + 8:at + 8 + size]
        at += 12 + size
    assert colour == 0, path
    step, raw, rows = bits // 8, zlib.decompress(packed), []
    stride, above = width * step, bytes(width * step)
    for y in range(height):
        kind, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range(stride) if kind else ():
            left, up = line[i - step] if i >= step else 0, above[i]
            corner = above[i - step] if i >= step else 0
            if kind == 4:
                distance = [abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)]
                guess = (left, up, corner)[distance.index(min(distance))]
            else:
                guess = (0, left, up, (left + up) // 2)[kind]
            line[i] = (line[i] + guess) & 255
        rows.append(list(line) if step == 1 else list(struct.unpack(f">{width}H", line)))
        above = line
    return rows


class TiffPage:
    """One page of an uncompressed, single-strip or multi-strip, little-endian TIFF."""

    def __init__(self, data, tags):
        self.width, self.height = tags[256][0], tags[257][0]
        self.bits = tags[258][0]
        self.floating = tags.get(339, [1])[0] == 3
        raw = b"".join(data[o:o + n] for o, n in zip(tags[273], tags[279]))
        form = {8: "B", 16: "H", 32: "f" if self.floating else "I"}[self.bits]
        self.values = struct.unpack("<%d%s" % (len(raw) * 8 // self.bits, form), raw)

    def at(self, y, x):
        return self.values[y * self.width + x]


def read_tiff(path):
    """The pages of a TIFF that this project wrote."""
    data = path.read_bytes()
    assert data[:4] == b"II*\0", "expected a little-endian classic TIFF"
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}
    offset, = struct.unpack_from("<I", data, 4)
    pages = []
    while offset:
        count, = struct.unpack_from("<H", data, offset)
        tags = {}
        for i in range(count):
            tag, kind, number = struct.unpack_from("<HHI", data, offset + 2 + 12 * i)
            if kind not in (3, 4):
                continue
            place = offset + 2 + 12 * i + 8
            if sizes[kind] * number > 4:
                place, = struct.unpack_from("<I", data, place)
            tags[tag] = struct.unpack_from("<%d%s" % (number, "H" if kind == 3 else "I"), data, place)
        pages.append(TiffPage(data, tags))
        offset, = struct.unpack_from("<I", data, offset + 2 + 12 * count)
    return pages


def write_tiff_stack(path, pages, form="B", photometric=1, micrometres=None, description=None, orientation=None):
    """`pages` of rows of numbers, or of triples where `photometric` is 2 (RGB), one page each.
    `form`: "B" 8 bit, "H" 16 bit, "f" floats. `micrometres`: edge of a pixel. `description`: as ImageJ writes it,
    more than 3 bytes; a unit in it makes `micrometres` ten thousandths of that unit. `orientation`: tag 274."""
    data, chain = bytearray(b"II*\0\0\0\0\0"), 4
    size, samples = struct.calcsize(form), 3 if photometric == 2 else 1
    for rows in pages:
        flat = [v for row in rows for pixel in row for v in (pixel if samples == 3 else (pixel,))]
        strip, height, width = len(data), len(rows), len(rows[0])
        data += struct.pack("<%d%s" % (len(flat), form), *flat)
        data += b"\0" * (len(data) % 2)
        bits, resolution = len(data), len(data) + 6
        data += struct.pack("<3H", *[8 * size] * 3)
        data += struct.pack("<II", 10_000_000, round(1000 * (micrometres or 1)))  # pixels a centimetre
        tags = [(256, 3, 1, width), (257, 3, 1, height), (258, 3, samples, bits if samples == 3 else 8 * size),
                (259, 3, 1, 1), (262, 3, 1, photometric), (273, 4, 1, strip), (277, 3, 1, samples),
                (278, 3, 1, height), (279, 4, 1, len(flat) * size)]
        if micrometres:
            tags += [(282, 5, 1, resolution), (283, 5, 1, resolution), (296, 3, 1, 3)]
        if description:
            tags.insert(5, (270, 2, len(description) + 1, len(data)))
            data += description.encode() + b"\0" * (2 - len(description) % 2)
        if orientation:
            tags.insert([tag for tag, *_ in tags].index(277), (274, 3, 1, orientation))
        if samples == 1:
            tags.append((339, 3, 1, 3 if form == "f" else 1))
        struct.pack_into("<I", data, chain, len(data))
        data += struct.pack("<H", len(tags))
        for tag, kind, count, value in tags:
            data += struct.pack("<HHII", tag, kind, count, value)
        chain = len(data)
        data += b"\0\0\0\0"
    path.write_bytes(bytes(data))


def write_zarr(folder, rows, edge=256):
    """An OME-Zarr of one plane in uncompressed chunks."""
    (folder / "0").mkdir(parents=True)
    height, width = len(rows), len(rows[0])
    (folder / ".zattrs").write_text(json.dumps({"multiscales": [{"axes": ["y", "x"], "datasets": [{"path": "0"}]}]}))
    (folder / "0/.zarray").write_text(json.dumps({
        "zarr_format": 2, "shape": [height, width], "chunks": [edge, edge], "dtype": "|u1", "compressor": None,
        "fill_value": 0, "filters": None, "order": "C"}))
    for y in range(0, height, edge):
        for x in range(0, width, edge):
            band = [row[x:x + edge].ljust(edge, b"\0") for row in rows[y:y + edge]]
            (folder / f"0/{y // edge}.{x // edge}").write_bytes(b"".join(band).ljust(edge * edge, b"\0"))


def discs(height, width, centres, radius, background=20, foreground=200):
    """A picture of bright discs and its instance map, as rows."""
    image = [[background + (7 * y + 3 * x) % 11 for x in range(width)] for y in range(height)]
    labels = [[0] * width for _ in range(height)]
    for number, (cy, cx) in enumerate(centres, 1):
        for y in range(max(0, cy - radius), min(height, cy + radius + 1)):
            for x in range(max(0, cx - radius), min(width, cx + radius + 1)):
                if (y - cy) ** 2 + (x - cx) ** 2 <= radius ** 2:
                    image[y][x] = foreground + (5 * y + x) % 13
                    labels[y][x] = number
    return image, labels

"""Images for tests with nothing but the standard library: PNG out, uncompressed TIFF in."""
import struct
import zlib


def write_png(path, rows, bits=8):
    """`rows` of numbers (grey) or of triples (red, green, blue)."""
    colour = isinstance(rows[0][0], tuple)
    form = ">%d%s" % (len(rows[0]) * (3 if colour else 1), "B" if bits == 8 else "H")
    lines = b""
    for row in rows:
        samples = [sample for pixel in row for sample in pixel] if colour else row
        lines += b"\0" + struct.pack(form, *samples)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), bits, 2 if colour else 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) +
                     chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))


def png_size(path):
    """(width, height) of a PNG."""
    return struct.unpack(">II", path.read_bytes()[16:24])


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


def write_tiff_stack(path, pages, pixel_um=None):
    """`pages` of rows of 8-bit numbers, one page each; `pixel_um`: edge of a pixel, as ImageJ says it."""
    data, chain = bytearray(b"II*\0\0\0\0\0"), 4
    for rows in pages:
        strip = len(data)
        data += b"".join(bytes(row) for row in rows)
        data += b"\0" * (len(data) % 2)
        struct.pack_into("<I", data, chain, len(data))
        height, width = len(rows), len(rows[0])
        tags = [(256, 3, width), (257, 3, height), (258, 3, 8), (259, 3, 1), (262, 3, 1),
                (273, 4, strip), (277, 3, 1), (278, 3, height), (279, 4, height * width)]
        if pixel_um is not None:
            words = b"ImageJ=1.53\nimages=%d\nslices=%d\nunit=um\n\0" % (len(pages), len(pages))
            place = len(data)
            data += struct.pack("<II", 1000000, round(pixel_um * 1000000)) + words + b"\0" * (len(words) % 2)
            tags += [(282, 5, place), (283, 5, place), (296, 3, 1)]
            tags = sorted(tags + [(270, 2, place + 8)])
            struct.pack_into("<I", data, chain, len(data))
        data += struct.pack("<H", len(tags))
        for tag, kind, value in tags:
            if kind == 2:
                data += struct.pack("<HHII", tag, kind, len(words), value)
                continue
            data += struct.pack("<HHII", tag, kind, 1, value)
        chain = len(data)
        data += b"\0\0\0\0"
    path.write_bytes(bytes(data))


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

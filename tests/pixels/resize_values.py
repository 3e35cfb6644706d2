"""Writes resize_values.json: rows made longer and shorter by Pillow (resize of 32-bit float images).

    python3 tests/pixels/resize_values.py > tests/pixels/resize_values.json
"""
import json

import PIL
from PIL import Image

cases = []
for before, after in ((7, 7), (7, 21), (21, 7), (10, 13), (13, 10), (50, 3), (1, 4), (4, 1), (2, 5)):
    row = [float((37 * i * i + 11 * i) % 101) for i in range(before)]
    image = Image.new("F", (before, 1))
    image.putdata(row)
    made = {}
    for name, kind in (("linear", Image.Resampling.BILINEAR), ("cubic", Image.Resampling.BICUBIC)):
        made[name] = list(image.resize((after, 1), kind).getdata())
    cases.append({"row": row, "size": after, **made})
print(json.dumps({"pillow": PIL.__version__, "cases": cases}, indent=1))

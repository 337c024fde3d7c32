"""Makes pillow.txt: what Pillow resizes drawn pictures to, for PillowTest. Needs Pillow and NumPy."""

import base64
import io
import zlib

import numpy
import PIL
from PIL import Image

FILTERS = {
    "NEAREST": Image.Resampling.NEAREST,
    "BILINEAR_ANTIALIAS": Image.Resampling.BILINEAR,
    "BICUBIC_ANTIALIAS": Image.Resampling.BICUBIC,
    "AREA": Image.Resampling.BOX,
}
SIZES = [
    (5, 4, 3, 2), (3, 2, 5, 7), (1, 1, 4, 3), (7, 5, 7, 5), (9, 6, 9, 2), (6, 9, 2, 9), (16, 12, 4, 3),
    (97, 61, 40, 33), (40, 33, 97, 61), (640, 427, 384, 256), (427, 640, 256, 383), (1000, 3, 7, 1), (3, 1000, 1, 7),
    (1920, 1080, 299, 299), (33, 1, 320, 48), (123, 457, 1, 1),
]


def drawn(width, height):
    """A byte for each colour: smooth, with noise; PillowTest draws the same."""
    i = numpy.arange(width * height * 3, dtype=numpy.uint64)
    noise = ((i * 2654435761) % (1 << 32)) >> 24
    x = i // 3 % width
    y = i // 3 // width
    return ((noise // 2 + x * 5 + y * 3 + (i % 3) * 40) % 256).astype(numpy.uint8).reshape(height, width, 3)


print("# Pillow", PIL.__version__, "by pillow.py: method, width, height, new width, new height, CRC-32 of RGB, then")
print("# the first nine samples")
for name, method in FILTERS.items():
    for width, height, new_width, new_height in SIZES:
        resized = numpy.asarray(Image.fromarray(drawn(width, height)).resize((new_width, new_height), method))
        print(name, width, height, new_width, new_height, f"{zlib.crc32(resized.tobytes()):08x}", *resized.reshape(-1)[:9])


def normalised(levels, divisor, mean, deviation):
    """As torchvision's ToTensor and Normalize: float32 throughout."""
    f = numpy.float32
    return (levels.astype(f) / f(divisor) - numpy.array(mean, f)) / numpy.array(deviation, f)


def crc(tensor):
    return f"{zlib.crc32(numpy.ascontiguousarray(tensor, '<f4').tobytes()):08x}"


print("# presets: width, height, CRC-32 of the little-endian float32 values, then the first three")
for width, height in [(640, 427), (427, 640), (300, 300), (200, 100), (257, 256)]:
    image = Image.fromarray(drawn(width, height))
    shorter = min(width, height)
    whole = image.resize((int(256 * width / shorter), int(256 * height / shorter)), Image.Resampling.BILINEAR)
    left, top = (int(round((side - 224) / 2.0)) for side in whole.size)
    levels = numpy.asarray(whole.crop((left, top, left + 224, top + 224)))
    imagenet = normalised(levels, 255, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]).transpose(2, 0, 1)
    inception = normalised(numpy.asarray(image.resize((299, 299), Image.Resampling.BILINEAR)), 127.5, [1] * 3, [1] * 3)
    tensorflow = normalised(numpy.asarray(image.resize((224, 224), Image.Resampling.BILINEAR)), 127.5, [1] * 3, [1] * 3)
    for name, tensor in [("imagenet", imagenet), ("inception", inception.transpose(2, 0, 1)), ("tensorflow", tensorflow)]:
        print(name, width, height, crc(tensor), *tensor.reshape(-1)[:3])
print("# convert: what convert(\"L\") makes of 97x61: CRC-32")
print("grey", 97, 61, f"{zlib.crc32(numpy.asarray(Image.fromarray(drawn(97, 61)).convert('L')).tobytes()):08x}")
print("# JPEGs: width, height, CRC-32 of what is decoded, the file in base64")
for kind, options in [("444", {"subsampling": 0}), ("422", {"subsampling": 1}), ("420", {"subsampling": 2}),
                      ("progressive", {"subsampling": 2, "progressive": True}), ("grey", {})]:
    file = io.BytesIO()
    image = Image.fromarray(drawn(12, 9)).resize((43, 29), Image.Resampling.BICUBIC)
    (image.convert("L") if kind == "grey" else image).save(file, "jpeg", quality=60, **options)
    decoded = numpy.asarray(Image.open(io.BytesIO(file.getvalue())).convert("RGB"))
    print("jpeg", 43, 29, f"{zlib.crc32(decoded.tobytes()):08x}", base64.b64encode(file.getvalue()).decode())

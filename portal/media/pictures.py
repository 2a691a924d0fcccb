"""Pictures made anew: decoded, turned upright, scaled and encoded again, so that nothing but pixels remains."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from portal.media.record import Size
from portal.media.sniffing import JPEG, PNG, WEBP, Refused

FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
# A decoder of JPEG scales while it reads; the others hold every pixel in memory.
MOST_PIXELS = {JPEG: 50_000_000, PNG: 24_000_000, WEBP: 24_000_000}
LONGEST_SIDE = 16_000
LEAST_SIDE = 16


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A size to make: the most pixels of width, and the bytes that it should not exceed."""

    name: str
    width: int
    budget: int


SIZES = (
    Wanted(name="small", width=480, budget=40_000),
    Wanted(name="medium", width=960, budget=100_000),
    Wanted(name="large", width=1600, budget=200_000),
)
BUDGETS = {wanted.name: wanted.budget for wanted in SIZES}
# A picture thinner than this in height would be a banner of kilometres.
TALLEST = 4
QUALITIES = (80, 65, 50, 38)
ORIENTATION = 0x0112
# One picture is in memory at a time, however many people upload.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Remade:
    """The files of one picture by name such as `small.webp`, and what the record says of each size."""

    files: dict[str, bytes]
    sizes: tuple[Size, ...]
    suffix: str


def remade(data: bytes, kind: str, *, suffix: str = "") -> Remade:
    """The picture in every size as WebP and as JPEG (or PNG, where it is transparent).

    `suffix` is the one that the picture it replaces has. Raises Refused: broken, pixels, tiny or shape.
    """
    with _ONE_AT_A_TIME:
        image = _decoded(data, kind)
        suffix = suffix or ("png" if _is_transparent(image) else "jpg")
        image = _upright(image, transparent=suffix == "png")
        return _in_sizes(image, suffix)


def _decoded(data: bytes, kind: str) -> Image.Image:
    try:
        image = Image.open(BytesIO(data), formats=[FORMATS[kind]])
        _check_shape(image.size, kind)
        _scale_while_reading(image)
        image.load()
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("pixels") from None
    except Exception:
        # Decoders raise whatever a broken file leads them to; none of it is worth more than this word.
        raise Refused("broken") from None
    return image


def _scale_while_reading(image: Image.Image) -> None:
    """Let libjpeg scale by a whole fraction while it decodes, down to no less than the largest size."""
    lies_on_its_side = image.getexif().get(ORIENTATION, 1) in (5, 6, 7, 8)
    factor = (image.height if lies_on_its_side else image.width) / SIZES[-1].width
    if factor >= 2:
        image.draft(None, (int(image.width / factor), int(image.height / factor)))


def _check_shape(size: tuple[int, int], kind: str) -> None:
    width, height = size
    if width * height > MOST_PIXELS[kind] or max(size) > LONGEST_SIDE:
        raise Refused("pixels")
    if min(size) < LEAST_SIDE:
        raise Refused("tiny")
    if height > TALLEST * width or width > 10 * height:
        raise Refused("shape")


def _is_transparent(image: Image.Image) -> bool:
    if not image.has_transparency_data:
        return False
    lowest = image.convert("RGBA").getchannel("A").getextrema()[0]
    return isinstance(lowest, int | float) and lowest < 255


def _upright(image: Image.Image, *, transparent: bool) -> Image.Image:
    """The pixels alone, upright, in sRGB: a fresh picture that carries no note of any kind."""
    try:
        upright = ImageOps.exif_transpose(image) or image
        plain = _in_srgb(upright)
        mode = "RGBA" if transparent else "RGB"
        if not transparent and plain.has_transparency_data:
            ground = Image.new("RGBA", plain.size, "white")
            ground.alpha_composite(plain.convert("RGBA"))
            plain = ground
        fresh = Image.new(mode, plain.size)
        fresh.paste(plain.convert(mode))
    except Exception:
        raise Refused("broken") from None
    return fresh


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    try:
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, BytesIO(profile), target, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A profile that cannot be read leaves the colours as they are.
        return image
    return converted or image


def _in_sizes(image: Image.Image, suffix: str) -> Remade:
    files: dict[str, bytes] = {}
    sizes = []
    for wanted in SIZES:
        scaled = _scaled(image, wanted.width)
        webp = _encoded(scaled, "WEBP", budget=wanted.budget)
        other = _encoded(scaled, "PNG" if suffix == "png" else "JPEG", budget=wanted.budget)
        files |= {f"{wanted.name}.webp": webp, f"{wanted.name}.{suffix}": other}
        width, height = scaled.size
        sizes.append(Size(name=wanted.name, width=width, height=height, webp=len(webp), other=len(other)))
    return Remade(files=files, sizes=tuple(sizes), suffix=suffix)


def _scaled(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    return image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, format_: str, *, budget: int) -> bytes:
    """The picture in the best quality that stays within the budget, else in the least one."""
    if format_ == "PNG":
        return _as_png(image, budget=budget)
    data = b""
    for quality in QUALITIES:
        target = BytesIO()
        if format_ == "WEBP":
            image.save(target, "WEBP", quality=quality, method=4)
        else:
            image.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
        data = target.getvalue()
        if len(data) <= budget:
            break
    return data


def _as_png(image: Image.Image, *, budget: int) -> bytes:
    target = BytesIO()
    image.save(target, "PNG", optimize=True)
    if target.tell() <= budget:
        return target.getvalue()
    target = BytesIO()
    image.quantize(256, method=Image.Quantize.FASTOCTREE).save(target, "PNG", optimize=True)
    return target.getvalue()

"""Reduce pictures: stills for phones on slow connections, previews, and tiles for the wall.

For printing and as evidence the whole file is used instead.
"""

from streams.pixels.jpeg import Picture, decode_jpeg, encode_jpeg, narrowed

WIDTHS = {168, 400}  # pixels: in the filmstrip, and on a phone's page
QUALITY = 60
PREVIEW_WIDTH, PREVIEW_QUALITY = 640, 70
TILE_WIDTH, TILE_QUALITIES = 320, (60, 40, 20)
LARGEST_TILE = 15_000  # bytes; 107 tiles every five seconds make 2.6 Mbit/s


def shrink_jpeg(jpeg: bytes, width: int) -> bytes:
    """Return the JPEG scaled down to `width` pixels, or unchanged when it is no wider.

    Raises ValueError when it is not a picture.
    """
    image = decode_jpeg(jpeg)
    if image is None:
        raise ValueError("not a picture")
    return encode_jpeg(narrowed(image, width), QUALITY) if image.shape[1] > width else jpeg


def encode_tile(image: Picture) -> bytes:
    """Encode a height x width x 3 uint8 BGR picture as a JPEG, at most TILE_WIDTH pixels wide.

    It has at most LARGEST_TILE bytes, except for pure noise.
    """
    image, jpeg = narrowed(image, TILE_WIDTH), b""
    for quality in TILE_QUALITIES:
        jpeg = encode_jpeg(image, quality)
        if len(jpeg) <= LARGEST_TILE:
            break
    return jpeg


def encode_preview(image: Picture) -> bytes:
    """Encode a height x width x 3 uint8 BGR picture as a JPEG of 15 to 30 KB, at most PREVIEW_WIDTH pixels wide."""
    return encode_jpeg(narrowed(image, PREVIEW_WIDTH), PREVIEW_QUALITY)

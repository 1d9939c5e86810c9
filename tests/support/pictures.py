"""JPEG files, and the newest pictures of cameras in Valkey."""

import cv2
import numpy as np

from streams.servers import valkey


def jpeg(image: np.ndarray, quality: int = 85) -> bytes:
    """Encode a grey or BGR picture."""
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def grey_jpeg(shade: int = 128, width: int = 64, height: int = 36) -> bytes:
    """Return a picture of one shade of grey."""
    return jpeg(np.full((height, width, 3), shade, np.uint8), 95)


def noise_jpeg(seed: int = 1) -> bytes:
    """Return 640 × 360 of noise: a large file, unlike that of any other seed."""
    return jpeg(np.random.default_rng(seed).integers(0, 255, (360, 640, 3), np.uint8), 95)


def forget_pictures(*cameras: int) -> None:
    """Delete the pictures in Valkey of the cameras with these ids."""
    kinds = ("tile", "picture", "view")
    valkey.client().delete(*(f"{valkey.PREFIX}:{kind}:{camera}" for kind in kinds for camera in cameras))

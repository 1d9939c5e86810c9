"""Draw the things on the walls of an office as flat BGR pictures."""

import cv2
import numpy as np

Picture = np.ndarray
_FONT = cv2.FONT_HERSHEY_DUPLEX


def _board(width: int, height: int, colour: tuple[int, int, int]) -> Picture:
    return np.full((height, width, 3), colour, np.uint8)


def sign_board(text: str) -> Picture:
    """Draw the sign over the counter."""
    board = _board(570, 102, (110, 62, 20))
    cv2.rectangle(board, (4, 4), (565, 97), (90, 190, 225), 3)
    (width, height), _ = cv2.getTextSize(text, _FONT, 1.5, 3)
    scale = min(1.5, 1.5 * 520 / width)
    (width, height), _ = cv2.getTextSize(text, _FONT, scale, 3)
    cv2.putText(board, text, ((570 - width) // 2, (102 + height) // 2), _FONT, scale, (245, 245, 245), 3, cv2.LINE_AA)
    return board


def portrait(jacket: tuple[int, int, int]) -> Picture:
    """Draw an official's framed picture, too small to be recognised."""
    board = _board(90, 114, (60, 110, 150))
    cv2.rectangle(board, (9, 9), (80, 104), (180, 120, 70), -1)
    cv2.ellipse(board, (45, 104), (30, 38), 0, 180, 360, jacket, -1)
    cv2.ellipse(board, (45, 48), (13, 17), 0, 0, 360, (120, 150, 185), -1)
    cv2.ellipse(board, (45, 38), (15, 10), 0, 180, 360, (25, 25, 28), -1)
    return board


def clock(wall: tuple[int, int, int]) -> Picture:
    """Draw a wall clock on the wall's colour."""
    board = _board(100, 100, wall)
    cv2.circle(board, (50, 50), 47, (50, 50, 55), -1, cv2.LINE_AA)
    cv2.circle(board, (50, 50), 41, (240, 242, 242), -1, cv2.LINE_AA)
    for hand, thick in (((50, 18), 3), ((70, 62), 5)):
        cv2.line(board, (50, 50), hand, (30, 30, 30), thick, cv2.LINE_AA)
    return board


def notice(seed: int) -> Picture:
    """Draw a notice board with sheets of paper."""
    dice = np.random.default_rng(seed)
    board = _board(186, 246, (100, 150, 120))
    cv2.rectangle(board, (0, 0), (185, 245), (60, 80, 110), 8)
    for row in range(3):
        for column in range(2):
            x, y = 20 + column * 78 + int(dice.integers(0, 8)), 18 + row * 74 + int(dice.integers(0, 6))
            paper = tuple(int(c) for c in dice.integers(205, 250, 3))
            cv2.rectangle(board, (x, y), (x + 62, y + 62), paper, -1)
            cv2.rectangle(board, (x + 6, y + 6), (x + 56, y + 14), tuple(int(c) for c in dice.integers(40, 180, 3)), -1)
            for line in range(5):
                cv2.line(
                    board,
                    (x + 8, y + 23 + 7 * line),
                    (x + int(dice.integers(36, 54)), y + 23 + 7 * line),
                    (120, 120, 120),
                    2,
                )
    return board


def cabinet() -> Picture:
    """Draw a filing cabinet."""
    board = _board(180, 380, (160, 166, 166))
    for drawer in range(4):
        y = 8 + 93 * drawer
        cv2.rectangle(board, (8, y), (171, y + 86), (172, 178, 178), -1)
        cv2.rectangle(board, (8, y), (171, y + 86), (120, 124, 124), 2)
        cv2.rectangle(board, (70, y + 24), (110, y + 32), (70, 72, 74), -1)
        cv2.rectangle(board, (72, y + 42), (108, y + 58), (225, 232, 235), -1)
    return board


def binders(seed: int) -> Picture:
    """Draw a shelf of binders."""
    dice = np.random.default_rng(seed)
    board = _board(200, 336, (70, 84, 100))
    colours = [(130, 60, 40), (50, 50, 150), (60, 120, 60), (60, 60, 64), (40, 140, 190), (190, 190, 190)]
    for shelf in range(4):
        x, bottom = 12, 80 + 82 * shelf
        while x < 182:
            width, height = int(dice.integers(10, 20)), int(dice.integers(52, 66))
            cv2.rectangle(
                board,
                (x, bottom - height),
                (min(187, x + width), bottom),
                colours[dice.integers(len(colours))],
                -1,
            )
            cv2.rectangle(
                board,
                (x + 3, bottom - height + 10),
                (min(187, x + width - 4), bottom - 24),
                (225, 228, 230),
                -1,
            )
            x += width + 2
        cv2.rectangle(board, (0, bottom), (199, bottom + 8), (96, 116, 138), -1)
    return board


def red_and_white() -> Picture:
    """Draw the flag, hanging in folds."""
    board = _board(40, 160, (235, 236, 238))
    board[:80] = (40, 30, 190)
    folds = 1 + 0.18 * np.sin(np.linspace(0, 14, 40))
    return np.clip(board * folds[None, :, None], 0, 255).astype(np.uint8)


def window() -> Picture:
    """Draw a window with daylight through blinds."""
    rows = np.linspace(0, 1, 270)[:, None]
    board = np.repeat(np.clip(1.15 - 0.25 * rows, 0, 1), 285, axis=1)[..., None] * np.array([255.0, 252, 244])
    board[np.arange(270) % 14 < 4] *= 0.8
    board[:8] = board[-8:] = board[:, :8] = board[:, -8:] = board[:, 139:146] = (120, 130, 135)
    return np.asarray(np.clip(board * 1.25, 0, 255), np.uint8)

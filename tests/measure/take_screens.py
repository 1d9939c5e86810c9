"""Takes the pictures of docs/screens.md, beside a running `make run` whose made-up history is written.

.venv/bin/python -m tests.measure.take_screens [--url http://localhost:8000] [--only board,inbox]
Writes docs/screens/<name>.webp and prints each one's size in KB. Looking at a picture of a camera is logged as usual.
"""

import argparse
import io
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.paths import ROOT, find_chromium

PASSWORD = "sidak-demo"
FOLDER = ROOT / "docs" / "screens"
WIB = ZoneInfo("Asia/Jakarta")
DESK, PHONE = (1440, 900), (390, 844)
TODAY = datetime.now(WIB).date()
FRIDAY = TODAY - timedelta(days=(TODAY.weekday() - 4) % 7 or 7)  # the last before today, of the made-up history
INDICATION = 'main a[href^="/indikasi/"][href$="/"]:not([href="/indikasi/"])'

INCIDENT = '.incident-rows a[href^="/kejadian/"]'
TASK = '.incident-rows a[href^="/tugas/"]'


@dataclass(frozen=True, slots=True)
class Screen:
    """A picture: who opens which address, in pixels. `link`: what is opened from there, the first that fits.

    user: "" for somebody who is not signed in.
    """

    user: str
    path: str
    size: tuple[int, int] = DESK
    dark: bool = False
    link: str = ""


SCREENS = {
    "board": Screen("walikota", "/"),
    "board-phone": Screen("walikota", "/", PHONE, dark=True),
    "map": Screen("walikota", "/?tampilan=peta"),
    "indication": Screen("camat.ib1", "/indikasi/?tahap=semua", link=INDICATION),
    "inbox": Screen("camat.ib1", "/indikasi/?tahap=semua"),
    "report": Screen("walikota", "/laporan/"),
    "spot-check-phone": Screen("walikota", "/sidak/", PHONE),
    "day": Screen("walikota", f"/kantor/16.71.04.1001/hari/{FRIDAY}/", PHONE),
    "cameras": Screen("operator", "/kamera/"),
    "wall": Screen("walikota", "/dinding/?peta=samping"),
    "users": Screen("operator", "/pengguna/"),
    "setup": Screen("operator", "/persiapan/"),
    "queue": Screen("operator", "/kejadian/antrean/", dark=True),
    "incident": Screen("operator", "/kejadian/", link=INCIDENT),
    "task": Screen("satpolpp", "/tugas/", PHONE, link=TASK),
    "public": Screen("", "/publik/"),
    "resident": Screen("", "/aspirasi/tulis/?jenis=flood", PHONE),
}


def signed_in(browser: Browser, url: str, screen: Screen) -> Page:
    """Return a page of the screen's user, if it has one, with the cards of the first sign-in put away."""
    width, height = screen.size
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": height},
        locale="id-ID",
        color_scheme="dark" if screen.dark else "light",
        service_workers="block",
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    if not screen.user:
        return page
    page.goto("/masuk/")
    page.fill("[name=login]", screen.user)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".places")
    if (away := page.get_by_role("button", name="Mengerti, tutup")).count():
        away.click()
        away.wait_for(state="detached")
    return page


def take(page: Page, name: str, screen: Screen) -> int:
    """Write the picture `name`; return its size in bytes."""
    page.goto(screen.path)
    if screen.link:
        page.goto(str(page.locator(screen.link).first.get_attribute("href")))
    page.wait_for_timeout(2_500)  # pictures, the map's pins, the socket's first news
    if name == "day":
        page.get_by_role("slider").first.press("ArrowLeft")
        page.wait_for_timeout(1_500)
    stored = FOLDER / f"{name}.webp"
    Image.open(io.BytesIO(page.screenshot())).save(stored, quality=82, method=6)
    return stored.stat().st_size


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--only", default=",".join(SCREENS), help="names, with commas between them")
    arguments = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for name in arguments.only.split(","):
            page = signed_in(browser, arguments.url, SCREENS[name])
            sys.stdout.write(f"{name} {take(page, name, SCREENS[name]) / 1000:.0f} KB\n")
            sys.stdout.flush()
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main()

"""The sign for an office's door, as a PDF of one A4 page. Always in Indonesian, as visitors read it.

It says what UU 27/2022 Pasal 17 asks for where cameras film: that they do, why, for how long and whom to ask.
"""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import override

from discipline.core.pdf.document import pdf
from discipline.core.pdf.flow import Flowable, rule, space
from discipline.core.pdf.fonts import BOLD
from discipline.core.pdf.styles import INK, MAROON, SOFT, TINY, style
from discipline.core.pdf.text import paragraph
from discipline.evidence.models import Retention
from offices.places.models import Office, Place

FOOT = 60  # points from the page's lower edge to the content
BY_HAND = 34  # points of room to write the contact
WIDEST = 250  # characters of a setting, so that the sign stays on one page
CITY_LINE, OFFICE_LINE = style(17, BOLD, MAROON), style(17, BOLD)
SHOUT = style(42, BOLD, before=26, after=8)
QUESTION, ANSWER = style(13, BOLD, SOFT, before=20, after=2), style(18)


def sheet(office: Office, numbers: Retention) -> bytes:
    """Return the PDF. Where DOOR_SIGN_CONTACT is not set there is a line to write the contact on."""
    controller = settings.LETTERHEAD[0]
    story = [
        paragraph(controller, CITY_LINE),
        paragraph(f"{_door_name(office)}, Kecamatan {office.area.name}", OFFICE_LINE),
        rule(MAROON, 2, before=10),
        paragraph("Area ini dipantau kamera CCTV", SHOUT),
        *_answered("Siapa yang merekam", f"{controller}, sebagai pengendali data pribadi."),
        *_answered("Untuk apa", settings.DOOR_SIGN_PURPOSE[:WIDEST]),
        *_answered(
            "Yang tidak dilakukan",
            "Kamera tidak digunakan untuk mengenali wajah. Yang dinilai loket, bukan orang.",
        ),
        *_answered("Berapa lama disimpan", _kept(numbers)),
        paragraph("Kepada siapa bertanya atau meminta salinan", QUESTION),
        *_contact(),
    ]
    with override("id"):
        return pdf(f"Papan CCTV {office.office_title}", story, _foot, FOOT)


def _door_name(office: Office) -> str:
    return office.name if isinstance(office, Place) else f"Kantor Kelurahan {office.name}"


def _answered(question: str, answer: str) -> list[Flowable]:
    return [paragraph(question, QUESTION), paragraph(answer, ANSWER)]


def _kept(numbers: Retention) -> str:
    return (
        f"Gambar yang disimpan sebagai bukti dimusnahkan setelah {numbers.still_days} hari, atau setelah "
        f"{numbers.case_days} hari bila menjadi bagian suatu pemeriksaan; lebih lama hanya selama ditahan Inspektorat."
    )


def _contact() -> list[Flowable]:
    if settings.DOOR_SIGN_CONTACT:
        return [paragraph(settings.DOOR_SIGN_CONTACT[:WIDEST], ANSWER)]
    return [space(BY_HAND), rule(INK)]


def _foot(_number: int, _pages: int) -> Sequence[Flowable]:
    return [paragraph("UU Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi, Pasal 17.", TINY)]

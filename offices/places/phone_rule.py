"""Turn telephone numbers as people write them into what telephones and WhatsApp dial. Pure."""

import re

HERE = "62"  # Indonesia


def dialled(number: str) -> str:
    """Return a number as digits with its country code and without a plus sign; "" for none.

    0711-352282 and +62 711 352282 give 62711352282.
    """
    digits = re.sub(r"\D", "", number)
    if number.strip().startswith("+") or not digits:
        return digits
    return HERE + digits.removeprefix("0")

"""What can be blocked, for how long, and how phrases are compared. Pure."""

import unicodedata
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.utils.translation import gettext_lazy as _

from discipline.core.codes import LabelledCode

SHORTEST_PHRASE = 6


class BlockKind(LabelledCode):
    """What is blocked. A phone's address is often shared by hundreds: those blocks are short."""

    ADDRESS = "address", _("Alamat internet pengirim")
    NETWORK = "network", _("Jaringan pengirim")
    MAIL = "mail", _("Surel pengirim")
    PHRASE = "phrase", _("Frasa")


MOST_DAYS = {BlockKind.ADDRESS: 30, BlockKind.NETWORK: 7, BlockKind.MAIL: 365, BlockKind.PHRASE: 365}


@dataclass(frozen=True, slots=True)
class SenderHashes:
    """Keyed hashes of where something was sent from; "" where that is not known."""

    address: str = ""
    network: str = ""


UNKNOWN_SENDER = SenderHashes()


def own_network(address: str) -> str:
    """Return what one subscriber has: the address itself, of IPv6 its /64. Raises ValueError."""
    return str(ip_network(f"{address}/{64 if ip_address(address).version == 6 else 32}", strict=False))


def wide_network(address: str) -> str:
    """Return the network around an address: /24, of IPv6 /48. Raises ValueError."""
    return str(ip_network(f"{address}/{48 if ip_address(address).version == 6 else 24}", strict=False))


def folded(text: str) -> str:
    """Return the text as phrases are compared: without case, compatibility forms and differences of spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())

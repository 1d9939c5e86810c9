"""Who answers for an office, and who decides about what it explains: the only place where that is written down.

Nobody decides about the own office: the lurah explains and the camat decides; for a kecamatan office the camat explains
and the mayor decides. Pages, buttons, notices and the gate ask here.
"""

from offices.access.models import Membership
from offices.places.models import Kelurahan, Office

Role = Membership.Role


def who_explains(office: Office) -> Role:
    """Return the role that answers for the office and asks for its closures."""
    return Role.LURAH if isinstance(office, Kelurahan) else Role.CAMAT


def who_decides(office: Office) -> Role:
    """Return the role that decides about the office's indications, findings and requests."""
    return Role.CAMAT if isinstance(office, Kelurahan) else Role.MAYOR


def explainer(office: Office) -> str:
    """Return what sentences call who_explains: "lurah"."""
    return str(who_explains(office).label).lower()


def decider(office: Office) -> str:
    """Return what sentences call who_decides: "wali kota"."""
    return str(who_decides(office).label).lower()

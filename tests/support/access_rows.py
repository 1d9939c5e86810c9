"""The roles of the tests of access, what their addresses are about, and who gets what, by role."""

ROLES = ("anonymous", "walikota", "ani", "budi", "citra", "dewi", "eko", "intan", "tamu")
AGENCY = "somebody of an agency"  # of that of the point
LOGIN = "login"  # redirected to the login page
OFFICE = "16.71.01.1001"  # Budi's and Dewi's
CAMERA = "camera of that office"
INDICATION = "indication of that office"
EVIDENCE = "evidence of that office"
ORIGINAL = "original of that evidence"
HOLD = "hold of another indication of that office"
DEVICE = "device of the lurah of that office"
ATTACHMENT = "attachment to that indication"
CHECK = "finished spot check of that office by the mayor"
HALF = "half-finished one"
FINDING = "finding of that office"
SNAPSHOT = "picture of that finding"
FILE = "report of that office as a file, for its lurah"
STOP = "token in a report's mail to the camat of that office"
SYSTEM = "system that reads the API"
HOOK = "webhook of that system"
ASKED = "closure that office asks for"
CLOSURE = "closure of that office"
PLAN = "weekly plan of the city"
SPECIAL = "special day of the city"
KECAMATAN = "16.71.01"  # Budi's
MONTH = "last month, signed by Budi"
LURAH = "account of the lurah of that office"
FOOTAGE = "copy of that original for somebody who was seen"
SEEN = "picture of that copy"
PUBLIC = "street point that the public sees"
SHARED = "address of that check that was passed on"
POINT = "T-900"  # a street point
HINT = "hint of its camera"
POINT_CAMERA = "camera of that point"
CITY_INCIDENT = "incident near that office, with tasks of it and of the agency"
CALL = "prank that an operator recorded"
TASK = "task of the office"
CASE = "case file of that incident, of the agency"
ARTICLE = "article by which that case was opened"
CASE_PART = "paper of that case"
HANDOVER = "handover of a shift of the room"
DAILY = "daily report of the room"
PASS = "somebody who may enter the room"
VISIT = "visit of the room"
PRESET = "picture of a preset of that camera of that office"
RECORDED = "recorded minute of that camera"
RECORDED_AT = "moment in that minute"
CLIP = "clip of the sample at that office"
EXPORTED = "export of that minute"
RECORDING_HOLD = "hold on recordings of that camera"
COMPLAINT = "verified report of a resident about a counter of that office, which the public reads"
BLOCK = "block of what that report says"
PHOTO = "photo of that report, which the public sees with faces hidden"
OWN = "token of who sent it"
LINK = "token of a mail to who sent it"

#                    anonymous mayor operator camat  other camat lurah other lurah inspectorate no role
SIGNED_IN = (LOGIN, *(200,) * 8)
EVERYBODY_INSIDE = (LOGIN, 200, 200, 200, 200, 200, 200, 200, 403)
WHO_SEES_THE_CITY = (LOGIN, 200, 200, 403, 403, 403, 403, 200, 403)
WHO_SEES_IT = (LOGIN, 200, 200, 200, 404, 200, 404, 200, 404)
WHO_SEES_A_POINT = (LOGIN, 200, 200, 404, 404, 404, 404, 200, 404)
WHO_KEEPS = (LOGIN, 403, 200, 403, 403, 403, 403, 200, 403)
WHO_HAS_THE_CASE = (LOGIN, 404, 404, 404, 404, 404, 404, 200, 404)
WHO_IS_ASKED_WHY = (LOGIN, 404, 404, 404, 404, 404, 404, 302, 404)
WHO_ONLY_READS_IT = (LOGIN, 404, 404, 404, 404, 404, 404, 403, 404)
OF_A_KECAMATAN = (LOGIN, 200, 200, 200, 404, 404, 404, 200, 404)


def operators(status: int) -> tuple[str | int, ...]:
    """Return the row of an address that only the operator may open, who gets `status`."""
    return (LOGIN, 403, status, 403, 403, 403, 403, 403, 403)


def inspectors(status: int) -> tuple[str | int, ...]:
    """Return the row of an address that only the inspectorate may open, which gets `status`."""
    return (LOGIN, 403, 403, 403, 403, 403, 403, status, 403)


# On a report that is not private; a private one only the inspectorate finds.
WHO_ANSWERS = operators(302)

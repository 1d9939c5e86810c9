"""Hand out challenges."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from discipline.complaints.proof.field import new_challenge


@login_not_required
@never_cache
@require_safe
def challenge(_request: HttpRequest) -> HttpResponse:
    """Send a challenge: {"algorithm", "challenge", "salt", "signature", "most"}."""
    new = new_challenge()
    return JsonResponse(
        {
            "algorithm": new.algorithm,
            "challenge": new.challenge,
            "salt": new.salt,
            "signature": new.signature,
            "most": new.max_number,
        }
    )

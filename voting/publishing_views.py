"""What anyone needs to check a result at home: the tally file and the script that recomputes it."""

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from people.access import public

from . import publishing
from .models import Ballot

SCRIPT = Path(__file__).with_name("verify_tally.py")


@public
@require_safe
def tally_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    ballot = get_object_or_404(Ballot.objects.select_related("area"), pk=pk)
    if not ballot.has_file:
        raise Http404
    answer = StreamingHttpResponse(publishing.lines(ballot), content_type="application/jsonl; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="tally-{pk}.jsonl"'
    return answer


@public
@require_safe
def verifier(request: HttpRequest) -> HttpResponseBase:
    return FileResponse(SCRIPT.open("rb"), as_attachment=True, content_type="text/x-python; charset=utf-8")

"""The papers themselves, and the page that the printed QR code opens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from people.access import public

from . import codes, tries
from .forms import CodeForm, CompareForm
from .models import Record


@public
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(Record.objects.public(), pk=pk)
    disposition = content_disposition_header(as_attachment=False, filename=record.file_name)
    headers = {"Content-Disposition": disposition or "inline", "ETag": f'"{record.sha256}"'}
    return HttpResponse(record.read(), content_type="application/pdf", headers=headers)


@public
@require_safe
def lookup(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.GET or None)
    if form.is_valid():
        return redirect("records:verify", code=form.cleaned_data["code"])
    return render(request, "records/lookup.html", {"form": form})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    if tries.are_used_up(request):
        return render(request, "429.html", status=429)
    record = Record.objects.made().select_related("superseded_by").filter(code=codes.plain(code)).first()
    if record is None:
        tries.count(request)
        facts = {"form": CodeForm(initial={"code": code[:40]}), "unknown": True}
        return render(request, "records/lookup.html", facts, status=404)
    form = CompareForm(request.POST, request.FILES) if request.method == "POST" else CompareForm()
    compared = form.is_valid()
    facts = {"record": record, "form": form, "compared": compared, "same": form.digest == record.sha256}
    return render(request, "records/verify.html", facts)

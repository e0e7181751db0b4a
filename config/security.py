"""The Content-Security-Policy of every answer: the strict one, and Wagtail's own looser one behind the staff log-in."""

import dataclasses

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

CMS_PREFIX = "/cms/"


class ContentSecurityPolicy(CSPMiddleware):
    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if report_only or not request.path_info.startswith(CMS_PREFIX):
            return parts
        return dataclasses.replace(parts, config=settings.CMS_CONTENT_SECURITY_POLICY)

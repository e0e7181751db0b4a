"""An e-mail address counts once the link sent to it was opened."""

import datetime as dt

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from .models import User

GOOD_FOR = dt.timedelta(days=1)
_SALT = "people.mail"


def send_link(user: User, address: str) -> None:
    token = signing.dumps([user.pk, address], salt=_SALT)
    link = settings.SITE_URL + reverse("people:email_confirm", args=[token])
    text = render_to_string("people/email_confirm.txt", {"name": user.name, "link": link})
    send_mail(_("Confirm your e-mail address"), text, None, [address])


def promised(user: User, token: str) -> str:
    """The address that a link confirms for this person; empty when the link is old, altered or someone else's."""
    try:
        owner, address = signing.loads(token, salt=_SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return ""
    return str(address) if owner == user.pk else ""


def keep(user: User, address: str) -> bool:
    """False when another account has this address."""
    if User.objects.filter(email=address).exclude(pk=user.pk).exists():
        return False
    User.objects.filter(pk=user.pk).update(email=address)
    return True

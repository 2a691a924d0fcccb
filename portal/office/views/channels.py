"""The channels that answer today, for pages whose form cannot be sent before the office adopts the portal."""

from __future__ import annotations

from markupsafe import Markup

from portal.web.documents.embeds import contact_html
from portal.web.pages import catalogue, embed_context


def channels_today() -> list[Markup]:
    """Each channel of site.yaml's `doors_today` in a line; unknown ids are left out."""
    contacts, context = catalogue().reference("contacts"), embed_context()
    return [contact_html(contacts[id_], context) for id_ in catalogue().site.doors_today if id_ in contacts]

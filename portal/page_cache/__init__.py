"""The page cache: a WSGI layer before Flask that answers public pages with ready bytes.

`cache` is the layer, `store` keeps the answers, `rendered_page` is what it takes from the application, `tracking` notes
what a page read, `negotiation` reads request headers. Nothing here knows Flask or `portal.web`.
"""

"""Outreach events: pages, registration without an account, waiting list, attendance, requests for an event.

A registration and its notification are committed in one transaction before the response is sent.
"""

"""Law: a promise made to a citizen is in the database before the answer, and nobody overtakes a queue.

Outreach events: pages, registration without an account, waiting list, attendance, requests for a visit.
"""

"""Services: when and where each is open, its sessions, and the same as calendar files, JSON and CSV.

`service.py` is the document type and `directory.py` compiles its documents with `portal.timetable`. `views` show them;
`views/presentation` turns them into typed rows for templates. `edits.py` changes sessions in the text of a facts.yaml,
for `staff.py` (quick actions on the desk), `commands.py` and closures.

State: the compiled services (`directory.compile_service`), the status texts (`views/presentation/status_text.py`) and
the holiday calendar (`views/queries.py`) are cached in the process; nothing of this package is in the database.
"""

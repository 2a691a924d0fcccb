"""Sessions from a spreadsheet: its rows are shown as they are understood before anything is saved."""

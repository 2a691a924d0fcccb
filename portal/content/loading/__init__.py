"""Reading a source: its files become the documents and references of a catalogue; parsed files are kept on disk."""

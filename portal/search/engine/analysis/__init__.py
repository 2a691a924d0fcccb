"""From text to terms: folding, stems, stop words, thesaurus."""

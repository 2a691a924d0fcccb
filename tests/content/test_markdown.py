"""Markdown becomes clean HTML: no script survives, and every value stays a place to be filled."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portal.content.markdown.body import Embed
from portal.content.markdown.compiler import compile_body


def html(markdown: str) -> str:
    """The HTML with each embed shown by its kind and id."""
    return "".join(s if isinstance(s, str) else f"[{s.kind}:{s.id}]" for s in compile_body(markdown).segments)


def test_embeds_links_and_blocks() -> None:
    text = "Bayar {{ fee:buku }} di [sini](faq/biaya#cara).\n\n::: warning Awas\nIsi **tebal**.\n:::\n"
    made = html(text)
    assert "Bayar [fee:buku] di" in made
    assert '<a href="[href:faq/biaya#cara]">sini</a>' in made
    assert '<div class="note note-warning">[icon:warning]<p class="note-title">Awas</p>' in made


def test_names_of_official_sites_are_found_in_sentences_alone() -> None:
    assert html("Buka evisa.contoh.go.id.") == "<p>Buka [host:evisa.contoh.go.id].</p>\n"
    for text in ("https://evisa.contoh.go.id/x", "[evisa.contoh.go.id](https://a.example)", "a@contoh.go.id", "go.idx"):
        assert "[host:" not in html(text)
    assert "contoh.go.id" in compile_body("Buka evisa.contoh.go.id.").text


def test_parts_follow_second_level_headings() -> None:
    body = compile_body("Awal.\n\n## Satu {#satu}\n\nA\n\n### Anak\n\nB\n\n## Dua\n\nC\n")
    assert [(part.id, part.heading) for part in body.parts] == [("", ""), ("satu", "Satu"), ("dua", "Dua")]
    assert body.anchors == ("satu", "anak", "dua")


def test_script_and_foreign_schemes_do_not_survive() -> None:
    made = html(
        "<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n[y](data:text/html,z)"
    )
    assert "<script" not in made
    assert "<img" not in made
    assert 'href="javascript' not in made
    assert 'href="data' not in made


@given(st.text(max_size=300))
def test_no_text_brings_in_markup_that_runs(text: str) -> None:
    made = html(text).lower()
    for bad in ("<script", "<iframe", "<style", "<object", "<svg", 'href="javascript:', "<img src=x"):
        assert bad not in made


@given(st.text(alphabet="{}:fe mony\n#*_-|`[]()", max_size=120))
def test_any_mix_of_our_signs_compiles(text: str) -> None:
    body = compile_body(text)
    assert all(isinstance(segment, str | Embed) for segment in body.segments)


def test_private_use_characters_cannot_forge_an_embed() -> None:
    body = compile_body("\ue0000\ue001 {{ fee:buku }}")
    assert body.embeds == (Embed("fee", "buku"),)
    assert html("\ue0000\ue001 x").count("[") == 0


def test_an_embed_never_stands_inside_a_tag() -> None:
    picture = compile_body("![peta {{ contact:wa }}](media/peta.png)\n")
    assert [segment for segment in picture.segments if isinstance(segment, Embed)] == []
    assert "\ue000" not in "".join(str(segment) for segment in picture.segments)
    assert 'alt="peta "' in html("![peta {{ contact:wa }}](media/peta.png)")
    assert html("### Judul {#a{{ fee:x }}}").startswith("<h3")
    for typed in (
        "{{ fee:x }} [a](/embed-0-embed/)",
        "{{ fee:x }} ![a](media/embed-0-embed/)",
        '{{ fee:x }} ![a](media/b "&#xe000;0&#xe001;")',
        "{{ fee:x }} ![&#xe000;0&#xe001;](media/b)",
    ):
        before, embed, after = compile_body(typed).segments
        assert isinstance(before, str)
        assert embed == Embed("fee", "x")
        assert "embed" not in str(after)
        assert "\ue000" not in str(after)


def test_numbers_of_forged_placeholders_have_a_bound() -> None:
    assert compile_body(f"[a](/embed-{'9' * 5000}-embed/) &#xe000;{'9' * 5000}&#xe001;").segments


def test_headings_keep_ids_and_words_as_they_were_written() -> None:
    body = compile_body("## A {#b} c\n\n## D {x} {#d}\n\n## E {#e {#f}\n\n## G {#g} \n")
    assert [(part.id, part.heading) for part in body.parts] == [
        ("a-b-c", "A {#b} c"),
        ("d", "D {x}"),
        ("e {#f", "E"),
        ("g", "G"),
    ]

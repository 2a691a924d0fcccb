"""QR codes: the path draws the very modules of the code."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from portal.web.documents.qr_codes import qr_code


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=120))
def test_the_path_draws_every_dark_module_and_no_other(text: str) -> None:
    code = qr_code(text)
    drawn = [[False] * code.size for _ in range(code.size)]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", code.path):
        for column in range(int(x), int(x) + int(length)):
            assert not drawn[int(y)][column]
            drawn[int(y)][column] = True
    wanted = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    wanted.add_data(text)
    wanted.make(fit=True)
    assert drawn == wanted.get_matrix()

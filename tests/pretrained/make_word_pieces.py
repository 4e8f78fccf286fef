#!/usr/bin/env python3
"""Writes word_pieces.json: texts and their pieces by Hugging Face's tokenizers, which word_piece_test.cpp must reproduce.

    pip install tokenizers==0.23.3 && python3 tests/pretrained/make_word_pieces.py

The vocabulary is a made-up one, so that nobody's is copied: single characters, with and without ##, and a few longer
pieces. Most texts hold what tokenizers have got wrong; the rest is drawn at random, from characters of every kind.
"""
import json
import pathlib
import random
import unicodedata

import tokenizers
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789łßøæσςдكनहि東京が한한ıﬁ"
SIGNS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~“”‧—…¿«»、。€£©♥☃"
WORDS = ["river", "un", "##aff", "##able", "##un", "know", "##s", "going", "the", "naive", "cafe", "##ing", "go", "mask"]
TEXTS = [
    "The river KNOWS where it is going.", "  tabs\tand\nlines,\r\nand   blanks ", "", "   ", "unaffable", "ununaffable",
    "naïve café", "naive cafe\u0301", "Łódź", "Tōkyō", "ΑΣ", "ς", "İstanbul ıI", "Straße GROẞ", "ﬁne Å Ω",
    "denied“ok”", "2024‧08", "line♥", "$5^2", "vote♡♡ go", "♡", "東京abc", "が か\u3099", "한국 한", "हिन्दी", "кот дед",
    "this[SEP]that", "the river is [MASK].", "[mask] [ MASK ] [MASK", "[CLS][CLS]a[PAD]b[UNK]c", "x[MASK]y[[SEP]]",
    "zero\u200bwidth no\u00a0break\u2009thin\u3000wide", "soft\u00adhyphen\u2060joined\ufeff", "nul\0bell\7\x7f\x85end",
    "a\u000bb\u000cc\u001cd", "line\u2028separator\u2029paragraph", "\ufffd a\ufffdb", "\ue000private\uf8ff", "a\u0378b",
    "x" * 100, "x" * 101, "é" * 100, "e\u0301" * 101, "a" * 250 + " b", "😀 a😀b 👩\u200d🚀", "e\u0323\u0307 q\u0307\u0323",
    "𠀀𪜀𫝀𫠠𫤠豈丽", "\u1e9b\u0323 \u212b \u2126 \u1f80 \u0958 \ufb2c \U0001d15e", "don't e-mail: a_b@c.org/?d=1&e=2~",
]


def drawn(rng):
    """A text of characters of every kind that Unicode 8 has."""
    def one():
        kind = rng.random()
        if kind < 0.3:
            return rng.choice(LETTERS)
        if kind < 0.45:
            return rng.choice(SIGNS + " \t\n")
        if kind < 0.6:
            return chr(rng.randint(0x300, 0x34E))    # marks
        while True:
            c = chr(rng.choice([rng.randint(0, 0x2FF), rng.randint(0, 0x33FF), rng.randint(0, 0x1FFFF)]))
            if unicodedata.category(c) not in ("Cs", "Cn") and unicodedata.ucd_3_2_0.category(c) != "Cn":
                return c
    return "".join(one() for _ in range(rng.randint(1, 12)))


def main():
    rng = random.Random(14)
    single = list(dict.fromkeys(LETTERS + SIGNS))
    pieces = SPECIAL + WORDS + single + ["##" + c for c in LETTERS if c not in "東京が"]
    pieces = list(dict.fromkeys(pieces))
    texts = TEXTS + [drawn(rng) for _ in range(300)]
    written = {"made_by": f"tests/pretrained/make_word_pieces.py with tokenizers {tokenizers.__version__}; do not edit",
               "pieces": pieces, "texts": texts}
    for name, lower in (("uncased", True), ("cased", False)):
        tokenizer = Tokenizer(models.WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]",
                                               max_input_chars_per_word=100))
        tokenizer.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True,
                                                          strip_accents=None, lowercase=lower)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.add_special_tokens([AddedToken(s, special=True, normalized=False) for s in SPECIAL])
        written[name] = [tokenizer.encode(t, add_special_tokens=False).ids for t in texts]
    path = pathlib.Path(__file__).parent / "word_pieces.json"
    path.write_text(json.dumps(written, separators=(",", ":")) + "\n")
    print(path.name, len(texts), "texts")


if __name__ == "__main__":
    main()

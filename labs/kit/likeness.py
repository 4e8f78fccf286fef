"""How alike are two files of C++ when names, comments and layout are forgotten?

Each file becomes a row of tokens, names all alike, numbers too; then the set of its pieces of seven tokens. The likeness
of A to B is the part of A's pieces that B has as well, where pieces of the stub, which everybody was given, do not
count. 1 is a copy with other names. Short tasks have few right answers: two honest solutions may well reach 0.5.
"""
import re

# What is opened and never closed goes on to the end, so that no text takes more than one walk through it.
TOKEN = re.compile(r'//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)|"(?:\\.?|[^"\\])*(?:"|\Z)|\'(?:\\.?|[^\'\\\n]){1,12}\'|'
                   r'[A-Za-z_]\w*|\.?\d[\w.]*|::|->|[-+*/<>=!&|]=|&&|\|\||<<|>>|\+\+|--|\S', re.S)
KEYWORDS = set("auto bool break case catch char class const continue default delete do double else enum explicit false float "
               "for friend if inline int long namespace new nullptr operator private public return size_t static std "
               "struct switch template this throw true try typename unsigned using virtual void while".split())
PIECE = 7


def tokens(text):
    found = []
    for token in TOKEN.findall(text):
        if token.startswith(("//", "/*")):
            continue
        if token[0].isalpha() or token[0] == "_":
            found.append(token if token in KEYWORDS else "name")
        elif token[0].isdigit() or token[0] == "." and len(token) > 1:
            found.append("number")
        else:
            found.append("text" if token[0] == '"' else token)
    return found


def pieces(files):
    found = set()
    for content in files.values():
        row = tokens(content.decode(errors="replace"))
        found |= {tuple(row[i:i + PIECE]) for i in range(len(row) - PIECE + 1)}
    return found


def own_pieces(mine, stub):
    """The pieces without those that everybody was given."""
    return pieces(mine) - pieces(stub)


def likeness(own, other):
    """The part of these own pieces that is also in the files of the other: 0 to 1; None if there are too few to tell."""
    return len(own & pieces(other)) / len(own) if len(own) >= 10 else None

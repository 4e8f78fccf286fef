"""Lab R: what is asked of bert.h, and what is right."""

import pathlib

from kit import Lab, NotTried, Refused, holds, near, refuses, svg

lab = Lab("R", "a real BERT (optional)", files=["bert.h"], hours="2", within=1e-5, build_seconds=180, megabytes=2048,
          uses=["core", "nn", "positional/no_encoding.h", "pretrained/sentence_vectors.h", "labs/tensors.h"],
          downloaded="ORDINAL_MINILM", reads=["docs/20-a-real-bert.md"],
          ends_with="the shift curve of a real BERT with your extension in it")

lab.rule("pad_row", [0, 5, 6, 20, 23], "the row that padding reads")
lab.rule("trusted", [127, 120, 112, 100, 96], "the last row that counts as trained; `longer` uses rows 1 to this one")

PAGE = "docs/20-a-real-bert.md#the-same-sentence-later"
EXTENSION = "docs/20-a-real-bert.md#twice-as-long"
FLOAT = 1e-5      # the library computes in float
NEAR = 16         # so many tokens in a row should be told apart
ROWS, WORDS = 24, 20    # of the driver's tiny BERT
SENTENCES = pathlib.Path(__file__).parents[2] / "demos/real_bert/few_sentences.txt"


@lab.task(points=3, read="docs/20-a-real-bert.md#what-configjson-says-and-what-one-reads-past",
          inputs=[([[1, 2], [3, 4]], [[10, 20], [90, 90]], [[0.5, 0.25], [100, 200], [1000, 3000]],
                   [[1, 0]], [[0, 2]], [[[1, 1], [5, 7]]]),
                  ([[1], [2], [4]], [[8], [64]], [[100], [200]], [[0, 1], [2, 2]], [[1, 1], [0, 1]],
                   [[[1], [10]], [[3], [100]]])])
def look_up(ask, rule, words, segments, rows, ids, places, dX):
    """a word, a segment and a row: what enters the encoder"""
    x, d_rows = ask("look_up", words, segments, rows, ids, places, dX)
    size = len(words[0])
    near(list(x.shape), [len(ids), len(ids[0]), size], "the shape: [texts, tokens, numbers]")
    for b, (text, read) in enumerate(zip(ids, places)):
        for t, (word, row) in enumerate(zip(text, read)):
            expected = [words[word][c] + segments[0][c] + rows[row][c] for c in range(size)]
            near(x.nested()[b][t], expected, f"token {t} of text {b}: word {word} + segment 0, also when nobody says so, "
                 f"+ row {row}", within=FLOAT)
    for r in range(len(rows)):
        expected = [sum(dX[b][t][c] for b, read in enumerate(places) for t, row in enumerate(read) if row == r)
                    for c in range(size)]
        near(d_rows.nested()[r], expected, f"the gradient of row {r}: of all tokens that read it, else 0", within=FLOAT)
    own, yours = ask("hidden", [[(7 * b + 3 * t) % WORDS for t in range(6)] for b in range(2)])
    near(yours, own, "the hidden states with your look-up, beside those of a BERT that looks up by itself", within=1e-4)


@lab.task(points=3, read=PAGE, after=["look_up"],
          inputs=[([4, 2], [0, 0], ROWS), ([5, 3, 5], [0, 7, 19], ROWS), ([2], [22], ROWS), ([3, 6], [100, 300], 512)])
def places(ask, rule, lengths, starts, n):
    """who reads which row, when texts are told where they begin"""
    found = ask("places", lengths, starts, n)[0]
    near(list(found.shape), [len(lengths), max(lengths)], "the shape: texts, tokens of the longest")
    for b, (length, start) in enumerate(zip(lengths, starts)):
        for t, row in enumerate(found.nested()[b]):
            if t == 0:
                near(row, 0, f"text {b}, which begins at {start}: [CLS] is no position and stays at row")
            elif t < length:
                near(row, start + t, f"text {b}, which begins at {start}: token {t} reads row")
            else:
                near(row, rule.pad_row, f"text {b} has {length} tokens; what fills it up, at {t}, reads row")
    for b, length in enumerate(lengths):
        if length > 1:
            far = [*starts[:b], n - length + 1, *starts[b + 1:]]    # its last token is the first without a row
            refuses(ask, "places", lengths, far, n, saying=str(n))
    alone(ask)


def alone(ask):
    """Two laws of the whole: a text's vector is its own, and on rows that are all alike no move shows."""
    texts, starts = [[2, 5, 6, 7, 3], [2, 9, 3, -1, -1]], [3, 11]
    together = ask("moved", texts, starts, "its own")[0].nested()
    for b in range(2):
        text = [token for token in texts[b] if token >= 0]
        near(ask("moved", [text], [starts[b]], "its own")[0].nested()[0], together[b],
             f"the vector of text {b} alone, beside that in a batch", within=1e-4)
    near(ask("moved", texts, [0, 0], "one row")[0], ask("moved", texts, starts, "one row")[0],
         "the vectors at home, beside those of moved texts, on a table whose rows from 1 on are all alike", within=1e-4)


@lab.task(points=3, read=EXTENSION, seconds=180,    # the pictures have the last task's time
          inputs=lambda rule: [(rule.trusted + 5, 2 * rule.trusted + 9), (rule.trusted + 1, rule.trusted + 40)])
def longer(ask, rule, n, m):
    """an extension of your own, out of the rows that were trained"""
    W = ask("longer", n, m, within=None)[0]
    near(list(W.shape), [m, n], f"the shape of W: {m} new rows, each a mixture of {n} old ones")
    recipes = [{j: weight for j, weight in enumerate(row) if abs(weight) > 1e-6 or weight != weight} for row in W.nested()]
    for k, recipe in enumerate(recipes):
        if k <= rule.trusted:
            holds(list(recipe) == [k] and abs(recipe[k] - 1) < FLOAT,
                  f"row {k} is trusted, or [CLS]'s, and stays as it is; your recipe is {shown(recipe)}")
            continue
        near(sum(recipe.values()), 1, f"recipe {k}, {shown(recipe)}, added up", within=1e-4)
        holds(0 not in recipe, f"recipe {k} uses row 0, which is [CLS]'s, five times as long as the others: {shown(recipe)}")
        holds(max(recipe) <= rule.trusted, f"recipe {k} uses rows beyond {rule.trusted}, which count as untrained: {shown(recipe)}")
        holds(all(abs(weight) <= 2 for weight in recipe.values()),
              f"recipe {k} has a weight beyond 2, and no code would look like a row: {shown(recipe)}")
        for before in range(max(1, k - NEAR + 1), k):
            holds(apart(recipe, recipes[before]), f"positions {before} and {k} have the same recipe, {shown(recipe)}: in one "
                  "text, two tokens would stand at the same place")


def apart(a, b):
    return any(abs(a.get(j, 0) - b.get(j, 0)) > 1e-3 for j in {*a, *b})


def shown(recipe):
    return " + ".join(f"{weight:.4g} row {j}" for j, weight in list(recipe.items())[:4]) or "nothing"


TEXT = [2, 5, 11, 6, 3]


@lab.predict(points=1, within=0.01, after=["look_up", "places"], read=PAGE)
def same_row(ask, rule):
    """All rows from 1 on of a BERT's table are made the same row. A text at home and the same text told that it begins at
    9: what is the cosine of its two vectors?"""
    home, away = [ask("moved", [TEXT], [start], "one row")[0].values for start in (0, 9)]
    return sum(a * b for a, b in zip(home, away))


@lab.predict(points=1, within=0.1, after=["look_up", "places"], read=PAGE)
def learners(ask, rule):
    """Texts of 5 and of 3 tokens are read in one batch, told to begin at 0 and at 7. How many rows of the table get a
    gradient that is not 0?"""
    return sum(ask("moved", [TEXT, [2, 9, 3, -1, -1]], [0, 7], "its own")[1].values)


lab.find_bug("bug", points=1, pictures=["bug_1.svg", "bug_2.svg", "bug_3.svg"], read=PAGE,
             question="Texts of 9, 6 and 4 tokens begin at 0, 7 and 14. Which mistake reads these rows?",
             choices={"a": "[CLS] is moved as well",
                      "b": "padding goes on counting",
                      "c": "all texts begin where the first does",
                      "d": "a text ends one token too early"})


@lab.picture
def rows_read(ask, rule):
    return svg.heatmap(ask("places", [9, 6, 4], [0, 7, 14], ROWS)[0], title="who reads which row", low=0, high=40,
                       rows=["text 0", "text 1", "text 2"], columns=range(9), numbers=True)


@lab.picture
def shift(ask, rule):
    folder = lab.downloaded_folder()
    if not folder:
        raise NotTried("your extension on a real BERT, which is what this lab is for. Download the folder that the page "
                       f"names, and set {lab.downloaded} to where it is")
    sentences = SENTENCES.read_text().splitlines()[:24]
    try:
        shifts, own, random, yours = [answer.values for answer in ask("shift_curve", folder, "\n".join(sentences))]
    except Refused as error:
        raise NotTried(f"your extension on the BERT in {folder}: {error}") from None
    return svg.lines([("its own rows", shifts, own), ("random rows", shifts, random), ("yours", shifts, yours)],
                     title="24 sentences moved along the table of a real BERT", low=0, high=1,
                     x_title="told to begin so many rows later", y_title="cosine with the vector at home")

"""docs/to_pytorch.py reads what Ordinal has saved, and PyTorch computes the same.

    compare.py WRITE_MODELS [THERE_AND_BACK]    programs: tests/to_pytorch/write_models.cpp, that of docs/programs

Without PyTorch nothing is tried; another Python is named by  cmake -DPython3_EXECUTABLE=PROGRAM.
"""
import glob
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import unittest

if importlib.util.find_spec("torch") is None:
    print(f"not tried: {sys.executable} has no PyTorch")
    sys.exit()
import torch

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "docs"))
import to_pytorch

WRITE_MODELS, *PROGRAM_OF_THE_BOOK = [path for path in sys.argv[1:] if path]
GPT = dict(positions="table", num_heads=3, causal=True)


def file_of(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + data


class Models(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        subprocess.run([WRITE_MODELS, cls.folder.name], check=True)

    def path(self, name):
        return os.path.join(self.folder.name, name + ".safetensors")

    def refused(self, path, **options):
        """What load says about a file: a ValueError, in one line that begins with the path."""
        with self.assertRaises(ValueError) as error:
            to_pytorch.load(path, **{**GPT, **options})
        self.assertTrue(str(error.exception).startswith(path), error.exception)
        return str(error.exception)[len(path):]

    def difference(self, name, model):
        """The largest one of all outputs that no padding has, relative to the largest output."""
        known = to_pytorch.read_safetensors(self.path(name + "_output"))
        padding = known["padding"]    # numbers, as Ordinal has it
        with torch.no_grad():
            found = model(known["ids"], known["segments"] if model.segments else None,
                          padding if padding.any() else None)
        shown = padding == 0
        return float((found - known["output"])[shown].abs().max() / known["output"].abs().max())

    def test_a_bert_with_two_segments_padding_and_its_own_head(self):
        model = to_pytorch.load(self.path("bert"), positions="table", num_heads=3, layer_norm_eps=1e-12)
        self.assertLess(self.difference("bert", model), 2e-6)

    def test_a_checkpoint_of_a_gpt(self):
        self.assertLess(self.difference("gpt", to_pytorch.load(self.path("gpt"), **GPT)), 2e-6)

    def test_codes_of_another_scheme_which_training_leaves_as_they_are(self):
        codes = to_pytorch.read_safetensors(self.path("rnn_codes"))["codes"]
        for given in (codes, codes.numpy()):
            model = to_pytorch.load(self.path("rnn"), positions=given, num_heads=3)
            self.assertLess(self.difference("rnn", model), 2e-6)
        frozen = [name for name, tensor in model.named_parameters() if not tensor.requires_grad]
        self.assertEqual(frozen, ["encoder.position.weight"])
        self.assertTrue(all(p.requires_grad for p in to_pytorch.load(self.path("gpt"), **GPT).parameters()))

    def test_what_the_file_does_not_tell_matters(self):
        for wrong in (dict(num_heads=2), dict(causal=False), dict(layer_norm_eps=0.1)):
            self.assertGreater(self.difference("gpt", to_pytorch.load(self.path("gpt"), **{**GPT, **wrong})), 1e-3)

    def test_dropout_acts_in_training_only(self):
        model = to_pytorch.load(self.path("bert"), positions="table", num_heads=3, layer_norm_eps=1e-12, dropout=0.5)
        self.assertLess(self.difference("bert", model), 2e-6)
        self.assertGreater(self.difference("bert", model.train()), 1e-3)
        self.assertEqual({part.p for part in model.modules() if isinstance(part, torch.nn.Dropout)}, {0.5})

    def test_more_tokens_than_positions(self):
        with self.assertRaises(ValueError) as error:
            to_pytorch.load(self.path("gpt"), **GPT)(torch.zeros(1, 8, dtype=torch.long))
        self.assertEqual(str(error.exception), "8 tokens, and positions for 7")

    def test_positions_are_never_dropped_in_silence(self):
        expected = ("Expected \"table\" where that is ['encoder.position.weight'], \"none\" for a model without "
                    "positions, or the codes [T, D] of another scheme that is added to the input; rotations and biases "
                    "are not read")
        of_rnn = ["encoder.position.start", "encoder.position.step.bias", "encoder.position.step.weight"]
        for name, positions, found in (("rnn", "none", of_rnn), ("rnn", "table", of_rnn),
                                       ("added sinusoidal", "table", []), ("other rope", "rope", []),
                                       ("gpt", "none", ["encoder.position.weight"])):
            self.assertEqual(self.refused(self.path(name), positions=positions),
                             f': positions="{positions}", and of a scheme it has {found}. {expected}')
        for codes, got in ((None, "None"), (torch.zeros(12, 5), "[12, 5]"), (torch.zeros(12), "[12]")):
            self.assertEqual(self.refused(self.path("rnn"), positions=codes),
                             f': expected positions="table", "none" or codes [T, 12], got {got}')

    def test_schemes_that_are_not_added_are_refused_by_their_arrays(self):
        taken = []
        for path in sorted(glob.glob(os.path.join(self.folder.name, "other *"))):
            try:
                to_pytorch.load(path, positions=torch.zeros(7, 12), num_heads=3)
                taken.append(os.path.basename(path)[len("other "):-len(".safetensors")])
            except ValueError as error:
                self.assertIn("a scheme that is not, or not only, added to the input", str(error))
        self.assertEqual(taken, ["alibi", "causal", "rope", "xpos"])  # these have no arrays
        added = glob.glob(os.path.join(self.folder.name, "added *"))
        self.assertGreater(len(added), 10)
        for path in added:
            to_pytorch.load(path, positions=torch.zeros(7, 12), num_heads=3)

    def test_files_that_are_none(self):
        path = self.path("bad")
        x = {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}
        lfs = b"version https://git-lfs.github.com/spec/v1\n"
        for content, said in (
                (b"", ": its header should take 0 bytes, but all of it has 0"),
                (lfs, f": its header should take {int.from_bytes(lfs[:8], 'little')} bytes, but all of it has 43; save "
                      "or download it again (what Git LFS has not fetched looks so: git lfs pull)"),
                (file_of(b"{}", length=3), ": its header should take 3 bytes, but all of it has 10"),
                (file_of(b"{"), ": its header does not fit: Expecting property name"),
                (file_of(b"\xff{}"), ": its header does not fit: 'utf-8' codec can't decode"),
                (file_of([]), ": its header does not fit: 'list' object has no attribute 'items'"),
                (file_of(b"[" * 100_000), ": its header does not fit: maximum recursion depth"),
                (file_of({"x": 1}), ": its header does not fit: 'int' object is not subscriptable"),
                (file_of({"x": {**x, "dtype": "BF16"}}, bytes(16)),
                 ": its header does not fit: 'x' is stored as BF16; expected one of F32, F64, I64"),
                (file_of({"x": x}, bytes(15)), ": its header does not fit: its data end at byte 15, and 'x' at 16"),
                (file_of({"x": {**x, "shape": [2, 3]}}, bytes(16)),
                 ": its header does not fit: 'x' [2, 3] has the bytes 0 to 16"),
                (file_of({"x": {**x, "data_offsets": [-16, 0]}}, bytes(16)),
                 ": its header does not fit: 'x' [2, 2] has the bytes -16 to 0"),
                (file_of({"x": x}, bytes(16)), " has no 'tokens.weight', so it holds no Transformer; its arrays: x")):
            with open(path, "wb") as file:
                file.write(content)
            with self.subTest(content=content[:60]):
                self.assertTrue(self.refused(path).startswith(said), self.refused(path))

    def test_arrays_and_calls_that_make_no_model(self):
        arrays = to_pytorch.read_safetensors(self.path("gpt"))
        prefix = "model." if "model.tokens.weight" in arrays else ""
        layer = "encoder.layers.0."
        for change, said in (
                ({layer + "self_attn.key.weight": None}, "encoder.layers.0.self_attn.key.weight"),
                ({layer + "norm1.weight": None}, "Missing key(s)"),
                ({"encoder.extra": torch.zeros(1)}, "Unexpected key(s)"),
                ({layer + "self_attn.query.weight": torch.zeros(3, 3)}, "Sizes of tensors must match"),
                ({layer + "linear1.bias": torch.tensor(1.)}, "len() of a 0-d tensor"),
                ({"encoder.position.weight": torch.zeros(12)}, "size mismatch for encoder.position.weight"),
                ({"encoder.position.weight": torch.zeros(7, 13)}, "size mismatch for encoder.position.weight"),
                ({"tokens.weight": torch.zeros(2, 12, dtype=torch.long)}, "")):
            with self.subTest(change=list(change)):
                now = {name[len(prefix):]: array for name, array in arrays.items() if name.startswith(prefix)}
                now = {name: array for name, array in (now | change).items() if array is not None}
                header, data = {}, b""
                for name, array in now.items():
                    numbers = array.contiguous().numpy().tobytes()
                    dtype = next(key for key, value in to_pytorch.TYPES.items() if value == array.dtype)
                    header[name] = {"dtype": dtype, "shape": list(array.shape),
                                    "data_offsets": [len(data), len(data) + len(numbers)]}
                    data += numbers
                with open(self.path("changed"), "wb") as file:
                    file.write(file_of(header, data))
                refusal = self.refused(self.path("changed"))
                self.assertTrue(refusal.startswith(": its arrays and this call make no such model: "), refusal)
                self.assertIn(said, refusal)
                self.assertNotIn("\n", refusal)
        for call in (dict(num_heads=5), dict(num_heads="3"), dict(num_heads=3.0), dict(layer_norm_eps=-1),
                     dict(layer_norm_eps="x")):
            with self.subTest(call=call):
                self.assertIn("this call make no such model: ", self.refused(self.path("gpt"), **call))

    def test_arrays_without_numbers_are_read(self):
        path = self.path("empty")
        x = {"dtype": "F64", "shape": [3, 0], "data_offsets": [0, 0]}
        with open(path, "wb") as file:
            file.write(file_of({"__metadata__": {"a": "b"}, "x": x}))
        self.assertEqual(to_pytorch.read_safetensors(path)["x"].shape, (3, 0))

    @unittest.skipUnless(PROGRAM_OF_THE_BOOK, "this build has no programs of the book")
    @unittest.skipUnless(importlib.util.find_spec("safetensors"), "this Python has no safetensors")
    def test_the_programs_of_the_book_go_there_and_back(self):
        there = os.path.join(ROOT, "docs", "programs", "there_and_back.py")
        with tempfile.TemporaryDirectory() as folder:
            def run(command):
                environment = {**os.environ, "PYTHONPATH": os.path.join(ROOT, "docs")}
                return subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE,
                                      text=True).stdout
            self.assertEqual(run(PROGRAM_OF_THE_BOOK), "")
            for command, begin in (([sys.executable, there], "in PyTorch the largest difference is "),
                                   (PROGRAM_OF_THE_BOOK, "back again the largest difference is ")):
                said = run(command)
                self.assertTrue(said.startswith(begin), said)
                self.assertLess(float(said[len(begin):]), 2e-6)
            weights = to_pytorch.read_safetensors(os.path.join(folder, "model.safetensors"))
            trained = to_pytorch.read_safetensors(os.path.join(folder, "from_pytorch.safetensors"))
            self.assertEqual({"model." + name for name in weights} | {"logits"}, set(trained))
            moved = max((trained["model." + name] - array).abs().max() for name, array in weights.items())
            self.assertGreater(moved, 1e-3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
